package net.donut.wire.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NotificationTextTest {
  private static String text(int code, int subcode, String data) {
    return new BgpMessage.Notification(code, subcode, HexMessages.bytes(data)).toString();
  }

  @Test
  void code_and_subcode_are_named() {
    assertThat(text(2, 2, "")).isEqualTo("OPEN Message Error, Bad Peer AS");
    assertThat(text(4, 0, "")).isEqualTo("Hold Timer Expired");
    assertThat(text(6, 1, "00010100001388"))
        .isEqualTo("Cease, Maximum Number of Prefixes Reached (data 00010100001388)");
  }

  @Test
  void unknown_numbers_are_shown() {
    assertThat(text(3, 99, "")).isEqualTo("UPDATE Message Error, subcode 99");
    assertThat(text(2, 8, "")).isEqualTo("OPEN Message Error, subcode 8");
    assertThat(text(77, 3, "01")).isEqualTo("code 77 subcode 3 (data 01)");
  }

  @Test
  void a_shutdown_communication_is_quoted() {
    assertThat(text(6, 2, "05 68656c6c6f")).isEqualTo("Cease, Administrative Shutdown: \"hello\"");
    assertThat(text(6, 4, "05 68650a6c6f")).isEqualTo("Cease, Administrative Reset: \"he lo\"");
  }

  @Test
  void a_malformed_shutdown_communication_is_shown_as_data() {
    assertThat(text(6, 2, "09 68656c6c6f"))
        .isEqualTo("Cease, Administrative Shutdown (data 0968656c6c6f)");
    assertThat(text(6, 2, "02 c328")).isEqualTo("Cease, Administrative Shutdown (data 02c328)");
  }

  @Test
  void a_hard_reset_names_what_it_carries() {
    assertThat(text(6, 9, "06 02 03 627965"))
        .isEqualTo("Cease, Hard Reset: Cease, Administrative Shutdown: \"bye\"");
  }

  @Test
  void a_text_that_is_too_long_is_cut_at_a_character() {
    BgpMessage.Notification notification = NotificationText.shutdown("é".repeat(200));

    assertThat(NotificationText.shutdownText(notification)).hasValue("é".repeat(127));
    assertThat(notification.data()).hasSize(255);
  }
}
