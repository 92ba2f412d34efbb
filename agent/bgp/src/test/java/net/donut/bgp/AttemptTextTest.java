package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttemptTextTest {
  private static String text(@Nullable String key, String failure, @Nullable Md5Counts dropped) {
    return AttemptText.of(FsmFixture.config().md5Key(key).build(), failure, dropped);
  }

  @Test
  void silence_with_a_key_may_be_a_wrong_key() {
    assertThat(text("secret", "no answer within 10 s", new Md5Counts(0, 2, 3)))
        .isEqualTo(
            "no answer within 10 s; an md5 key is configured, and a wrong or missing one at either"
                + " end looks like this (dropped by this router since: 3 with another key, 2"
                + " without one)");
    assertThat(text("secret", "no answer", null))
        .isEqualTo(
            "no answer; an md5 key is configured, and a wrong or missing one at either end looks"
                + " like this");
  }

  @Test
  void silence_without_a_key_is_one_if_the_neighbor_signs() {
    assertThat(text(null, "no answer within 10 s", new Md5Counts(4, 0, 0)))
        .isEqualTo(
            "no answer within 10 s; no md5 key is configured, and this router dropped 4 segments"
                + " signed with one");
    assertThat(text(null, "no answer within 10 s", new Md5Counts(0, 0, 0)))
        .isEqualTo("no answer within 10 s");
  }

  @Test
  void an_answer_is_not_about_the_key() {
    assertThat(text("secret", "connection refused", new Md5Counts(1, 1, 1)))
        .isEqualTo("connection refused");
  }

  @Test
  void the_counts_are_found_among_those_of_the_kernel() {
    List<String> netstat =
        List.of(
            "TcpExt: SyncookiesSent TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure TCPSackShifted",
            "TcpExt: 0 11 12 13 4",
            "IpExt: InNoRoutes InTruncatedPkts",
            "IpExt: 1 0");

    assertThat(Md5Counts.parse(netstat)).isEqualTo(new Md5Counts(12, 11, 13));
    assertThat(Md5Counts.parse(List.of("TcpExt: A B", "TcpExt: 1 2"))).isNull();
    assertThat(new Md5Counts(12, 11, 13).since(new Md5Counts(10, 10, 10)))
        .isEqualTo(new Md5Counts(2, 1, 3));
  }
}
