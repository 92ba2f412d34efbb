package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.model.ClabTopology;
import net.donut.lab.clab.model.Scenario;
import net.donut.lab.clab.parse.ScenarioReader;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.parse.TopologyReader.Unsupported;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.clab.scenario.ScenarioReport;
import net.donut.lab.clab.scenario.ScenarioResult;
import net.donut.lab.clab.scenario.ScenarioRun;
import net.donut.lab.net.LabException;
import net.donut.lab.run.InterruptGuard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `donut lab run`.
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Deploy a topology, take it through a scenario, report, and destroy it. Exit code 1 when a step",
      "fails."
    },
    footer = {"", "Example: donut lab run lab/topologies/triangle/triangle.scenario.yml"})
final class ScenarioCommand extends ClabCommand {
  @Parameters(paramLabel = "SCENARIO", description = "The file, NAME.scenario.yml.")
  private Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Where report.json, report.html and junit.xml go (default: build/lab/SCENARIO).")
  private @Nullable Path directory;

  @Mixin private VariablesOption variables = new VariablesOption();

  @Mixin private RuntimeOption backend = new RuntimeOption();

  @Option(names = "--keep", description = "Leave the lab deployed.")
  private boolean keep;

  @Override
  int act(PrintWriter out) throws IOException {
    Scenario scenario = scenario();
    ClabTopology topology =
        topology(
            scenario.topology(),
            new TopologyReader.Purpose("", backend.kind(), Unsupported.REFUSE, variables.files()));
    Plan plan = Planner.plan(topology, Images.known(), backend.kind(), System.getenv());
    plan.notes().forEach(note -> out.println("note: " + note));
    ScenarioResult result;
    try (InterruptGuard _ = new InterruptGuard()) {
      result = run(scenario, plan, out);
    }
    Path reports = directory == null ? Path.of("build", "lab", scenario.name()) : directory;
    ScenarioReport.write(result, reports);
    out.println(
        "%s: see %s"
            .formatted(
                result.hasPassed() ? "passed" : "FAILED",
                reports.resolve("report.html").toAbsolutePath()));
    return result.hasPassed() ? 0 : 1;
  }

  private Scenario scenario() {
    try {
      return ScenarioReader.read(file);
    } catch (LabException e) {
      throw wrongFile(String.valueOf(e.getMessage()), e);
    }
  }

  private ScenarioResult run(Scenario scenario, Plan plan, PrintWriter out) {
    Deployment.Result deployed =
        Deployment.deploy(
            runtime,
            plan,
            Deployment.Options.STANDARD,
            _ -> {},
            lab -> new CuttableLab(runtime, lab).impair(plan));
    deployed.notes().forEach(note -> out.println("note: " + note));
    try {
      return ScenarioRun.run(
          scenario,
          runtime,
          deployed.lab(),
          line -> {
            out.println(line);
            out.flush();
          });
    } finally {
      if (!keep) {
        Labs.destroyIfThere(runtime, plan.lab(), Labs.Directory.DELETE);
      }
    }
  }
}
