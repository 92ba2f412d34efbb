package net.donut.lab.cli;

import net.donut.lab.net.Cut;
import net.donut.lab.net.ImpairmentKind;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options that say in which way a link or node is cut.
final class CutOptions {
  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "fibre",
      description = {
        "Of a link: fibre: carrier goes at both ends; silent: carrier stays, nothing arrives;"
            + " one-way: what the first end sends is lost; admin-down: the second end's node sets its"
            + " interface down; flap: carrier goes and comes; brown-out: some"
            + " packets are lost.",
        "Of a node: node-kill: all processes are killed, carrier goes at all links; node-freeze: all"
            + " processes stand still, the kernel forwards on (default: ${DEFAULT-VALUE})."
      })
  private String kind = "";

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description = "Of brown-out: packets lost each way (default: ${DEFAULT-VALUE}).")
  private double lossPercent = 5;

  @Mixin private FlapOptions flap = new FlapOptions();

  /// Throws IllegalArgumentException that names what is expected.
  Cut cut() {
    return switch (kind) {
      case Cut.BrownOut.KIND -> new Cut.BrownOut(lossPercent);
      case Cut.Flap.KIND -> flap.flap();
      default -> Cut.parse(kind);
    };
  }

  /// The measures of a flap.
  static final class FlapOptions {
    @Option(
        names = "--count",
        paramLabel = "N",
        defaultValue = "10",
        description = "Of flap: how often carrier goes and comes (default: ${DEFAULT-VALUE}).")
    private int count = 10;

    @Option(
        names = "--period",
        paramLabel = "TIME",
        defaultValue = "1s",
        description =
            "Of flap: from one loss to the next, such as 500ms (default: ${DEFAULT-VALUE}); carrier is"
                + " away for half of it.")
    private String period = "1s";

    Cut.Flap flap() {
      return new Cut.Flap(count, ImpairmentKind.duration("period", period));
    }
  }
}
