package net.donut.lab.cli;

import java.io.PrintWriter;
import java.util.List;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.run.InterruptGuard;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `cut` and `restore` do, whichever lab it is.
final class CutCommands {
  private CutCommands() {}

  /// Cuts and says so; a flap is over then.
  static void cut(Cuts cuts, String target, Cut how, PrintWriter out) {
    if (how instanceof Cut.Flap) {
      try (InterruptGuard _ = new InterruptGuard()) {
        cuts.cut(target, how);
      }
      out.println("restored " + target + " (" + how + ")");
    } else {
      cuts.cut(target, how);
      out.println("cut " + target + " (" + how + ")");
    }
  }

  /// What to restore: something by its name, or everything.
  static final class Which {
    @Parameters(
        paramLabel = "LINK|NODE",
        arity = "0..1",
        description = "What is cut, such as edge1-edge2 or r1:eth1.")
    private String target = "";

    @Option(names = "--all", description = "Everything that is cut.")
    private boolean all;

    void restore(Cuts cuts, PrintWriter out) {
      List<String> targets = all ? List.copyOf(cuts.active().keySet()) : List.of(target);
      for (String one : targets) {
        cuts.restore(one);
        out.println("restored " + one);
      }
    }
  }
}
