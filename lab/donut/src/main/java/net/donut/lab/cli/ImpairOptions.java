package net.donut.lab.cli;

import java.util.EnumMap;
import java.util.Map;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.ImpairmentKind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how a link is impaired.
final class ImpairOptions {
  private final Map<ImpairmentKind, String> texts = new EnumMap<>(ImpairmentKind.class);

  @Option(names = "--delay", paramLabel = "TIME", description = "Each way, such as 20ms.")
  void delay(@Nullable String text) {
    put(ImpairmentKind.DELAY, text);
  }

  @Option(names = "--jitter", paramLabel = "TIME", description = "Of the delay, to either side.")
  void jitter(@Nullable String text) {
    put(ImpairmentKind.JITTER, text);
  }

  @Option(names = "--loss", paramLabel = "PERCENT", description = "Each way, such as 1%%.")
  void loss(@Nullable String text) {
    put(ImpairmentKind.LOSS, text);
  }

  @Option(names = "--rate", paramLabel = "RATE", description = "Each way, such as 50mbit.")
  void rate(@Nullable String text) {
    put(ImpairmentKind.RATE, text);
  }

  @Option(
      names = "--duplicate",
      paramLabel = "PERCENT",
      description = "Packets that come twice; needs netem, as the next two do.")
  void duplicate(@Nullable String text) {
    put(ImpairmentKind.DUPLICATE, text);
  }

  @Option(names = "--corrupt", paramLabel = "PERCENT", description = "Packets with a wrong bit.")
  void corrupt(@Nullable String text) {
    put(ImpairmentKind.CORRUPT, text);
  }

  @Option(names = "--reorder", paramLabel = "PERCENT", description = "Packets without the delay.")
  void reorder(@Nullable String text) {
    put(ImpairmentKind.REORDER, text);
  }

  private void put(ImpairmentKind measure, @Nullable String text) {
    if (text != null) {
      texts.put(measure, text);
    }
  }

  /// Throws IllegalArgumentException that names what is expected.
  Impairment impairment() {
    Impairment asked = Impairment.of(texts);
    if (asked.equals(Impairment.NONE)) {
      throw new IllegalArgumentException(
          "no impairment (expected: --delay, --loss, --rate or another; --clear for a plain wire)");
    }
    return asked;
  }
}
