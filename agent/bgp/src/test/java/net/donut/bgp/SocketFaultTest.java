package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketFaultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          finishConnect(..) failed with error(-111): Connection refused: /10.0.0.2:179 | connection refused
          Connection refused: /127.0.0.1:179                        | connection refused
          finishConnect(..) failed: Connection timed out: /10.0.0.2 | no answer
          connection timed out after 20000 ms: /10.0.0.2:179        | no answer
          finishConnect(..) failed with error(-113): No route to host | the neighbor does not answer on the link
          connect(..) failed with error(-101): Network is unreachable | no route to the neighbor
          bind(..) failed with error(-99): Cannot assign requested address | the local address is not on this router
          bind(..) failed with error(-98): Address already in use   | address and port are already in use
          recvAddress(..) failed with error(-104): Connection reset by peer | reset by the neighbor
          writev(..) failed with error(-32): Broken pipe            | closed by the neighbor
          connect(..) failed with error(-1): Operation not permitted | not permitted (a firewall of this router, or a missing capability)
          something(..) failed with error(-77): File descriptor in bad state | the socket failed (errno 77)
          a new sentence of a library                               | the socket failed
          """)
  void what_a_library_says_becomes_a_sentence_of_ours(String library, String ours) {
    assertThat(SocketFault.sentence(new IOException(library))).isEqualTo(ours);
  }

  @ParameterizedTest
  @CsvSource({"PT10S, no answer within 10 s", "PT0.4S, no answer within 400 ms"})
  void an_attempt_that_ran_out_names_its_time(Duration within, String text) {
    assertThat(SocketFault.noAnswer(within)).isEqualTo(text);
  }
}
