package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ColourTest {
  private static final Map<String, String> XTERM = Map.of("TERM", "xterm-256color");

  @Test
  void auto_is_on_at_a_terminal_only() {
    assertThat(Colour.AUTO.isOn(XTERM, true)).isTrue();
    assertThat(Colour.AUTO.isOn(XTERM, false)).isFalse();
  }

  @Test
  void auto_is_off_with_NO_COLOR_and_at_a_dumb_terminal() {
    assertThat(Colour.AUTO.isOn(Map.of("TERM", "xterm", "NO_COLOR", "1"), true)).isFalse();
    assertThat(Colour.AUTO.isOn(Map.of("TERM", "xterm", "NO_COLOR", ""), true)).isTrue();
    assertThat(Colour.AUTO.isOn(Map.of("TERM", "dumb"), true)).isFalse();
  }

  @Test
  void always_and_never_ask_nobody() {
    assertThat(Colour.ALWAYS.isOn(Map.of("NO_COLOR", "1"), false)).isTrue();
    assertThat(Colour.NEVER.isOn(XTERM, true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--color always pki list", "pki --color=always list", "pki list --color always"})
  void the_option_may_stand_before_and_after_the_command(String words) {
    CommandLine line = Donut.commandLine();

    CommandLine.ParseResult list =
        line.parseArgs(words.split(" ")).asCommandLineList().getLast().getParseResult();

    assertThat(list.commandSpec().commandLine().getColorScheme().ansi())
        .isEqualTo(CommandLine.Help.Ansi.ON);
  }
}
