package net.donut.lab.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.demo.DemoResult.Check;
import net.donut.lab.demo.DemoResult.Kernel;
import net.donut.lab.demo.DemoResult.Verdict;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.Narration;
import net.donut.lab.run.Operator;

/// Collects what must hold, and says at once what does not. Owned by the command's thread.
final class DemoChecks {
  private final Narration story;
  private final List<Check> all = new ArrayList<>();

  DemoChecks(Narration story) {
    this.story = story;
  }

  List<Check> all() {
    return all;
  }

  void that(String name, boolean holds, String detail) {
    all.add(new Check(name, holds ? Verdict.HOLDS : Verdict.FAILS, detail));
    if (!holds) {
      story.tell("NOT AS IT SHOULD BE: " + name + ": " + detail);
    }
  }

  /// Compares every router's kernel with the intent, by the agent's dump and by one of our own.
  Map<String, Kernel> kernels(DonutLab lab, String when) {
    Map<String, Kernel> kernels = new LinkedHashMap<>();
    lab.topology().edges().forEach(edge -> kernels.put(edge.name(), kernel(lab, edge.name())));
    kernels.forEach((router, kernel) -> {
      String detail =
          "%,d routes intended, %,d installed, %d missing, %d unexpected; own count %,d"
              .formatted(
                  kernel.intended(),
                  kernel.installed(),
                  kernel.missing(),
                  kernel.unexpected(),
                  kernel.counted());
      story.tell("kernel of " + router + ": " + detail);
      that("kernel of " + router + " is as intended " + when, kernel.equalsIntent(), detail);
    });
    return kernels;
  }

  private static Kernel kernel(DonutLab lab, String router) {
    Operator.Kernel kernel = lab.operator().drift(router);
    return new Kernel(
        kernel.summary().getIntended(),
        kernel.summary().getInstalled(),
        kernel.summary().getMissing(),
        kernel.summary().getUnexpected(),
        lab.routesInKernel(router),
        kernel.summary().getGroups(),
        kernel.summary().getNextHops());
  }
}
