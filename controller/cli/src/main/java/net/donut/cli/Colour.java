package net.donut.cli;

import java.util.Map;
import net.donut.report.text.Pen;
import net.donut.report.text.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/// When to write in colour: the words of `--color`. What was chosen is kept as the colour scheme of
/// picocli, which every command of every module can ask.
enum Colour {
  /// On a terminal that is not `dumb`, unless `NO_COLOR` is set
  /// ([no-color.org](https://no-color.org)).
  AUTO,
  ALWAYS,
  NEVER;

  /// What the output of a command is written with.
  static Pen pen(CommandSpec spec) {
    return Pen.of(spec.commandLine().getColorScheme().ansi().enabled());
  }

  /// Applies it to a command and to all commands below it.
  void applyTo(CommandLine line) {
    line.setColorScheme(
        Help.defaultColorScheme(
            isOn(System.getenv(), Terminal.showsOutput()) ? Help.Ansi.ON : Help.Ansi.OFF));
  }

  boolean isOn(Map<String, String> environment, boolean terminal) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          terminal
              && environment.getOrDefault("NO_COLOR", "").isEmpty()
              && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    };
  }
}
