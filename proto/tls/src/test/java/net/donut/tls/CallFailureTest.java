package net.donut.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          finishConnect(..) failed with error(-111): Connection refused: /10.255.0.12:9340 | connection refused
          connect(..) failed with error(-2): No such file or directory: /run/x.sock        | there is no such socket
          connect(..) failed with error(-13): Permission denied: /run/x.sock               | permission denied
          finishConnect(..) failed with error(-113): No route to host: /10.0.0.1:1         | no route to it, or it does not answer on its link
          connection timed out after 20000 ms: /10.0.0.1:1                                 | no answer
          recvAddress(..) failed with error(-104): Connection reset by peer                | it closed the connection
          """)
  void what_the_network_says_becomes_a_sentence(String library, String ours) {
    var failure =
        Status.UNAVAILABLE
            .withDescription("io exception")
            .withCause(new ConnectException(library))
            .asRuntimeException();

    assertThat(CallFailure.text(failure)).isEqualTo(ours);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Network closed for unknown reason                                      | it closed the connection
          HTTP/2 error code: NO_ERROR Received Goaway shutting down              | it ended the connection
          Keepalive failed. The connection is likely gone                        | it does not answer any longer
          its certificate is revoked: serial number 5c                           | its certificate is revoked: serial number 5c
          """)
  void what_grpc_says_becomes_a_sentence_and_ours_stays(String description, String ours) {
    var failure = Status.UNAVAILABLE.withDescription(description).asRuntimeException();

    assertThat(CallFailure.text(failure)).isEqualTo(ours);
  }

  @Test
  void a_name_that_nobody_knows_is_said_to_be_one() {
    var failure =
        Status.UNAVAILABLE
            .withDescription("Unable to resolve host edge9")
            .withCause(new IOException(new UnknownHostException("edge9")))
            .asRuntimeException();

    assertThat(CallFailure.text(failure)).isEqualTo("nobody knows the address of that name");
  }

  @Test
  void codes_without_a_description_have_a_sentence_too() {
    assertThat(CallFailure.text(Status.DEADLINE_EXCEEDED.asRuntimeException()))
        .isEqualTo("no answer in time");
    assertThat(CallFailure.text(Status.CANCELLED.asRuntimeException()))
        .isEqualTo("ended before it answered");
    assertThat(CallFailure.text(Status.UNAVAILABLE.asRuntimeException())).isEqualTo("no answer");
    assertThat(CallFailure.text(Status.UNIMPLEMENTED.asRuntimeException()))
        .contains("another version");
    assertThat(CallFailure.text(Status.INTERNAL.asRuntimeException())).contains("its log");
  }

  @Test
  void a_sentence_of_our_server_stays_as_it_is() {
    assertThat(
            CallFailure.text(
                Status.FAILED_PRECONDITION
                    .withDescription("configured by another controller")
                    .asRuntimeException()))
        .isEqualTo("configured by another controller");
  }
}
