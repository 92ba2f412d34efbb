package net.donut.lab.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import net.donut.api.DonutCommand;
import net.donut.lab.demo.ClosingTable;
import net.donut.lab.demo.Demo;
import net.donut.lab.demo.DemoJson;
import net.donut.lab.demo.DemoPage;
import net.donut.lab.demo.DemoResult;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabMachine;
import net.donut.lab.run.InterruptGuard;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Narration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `donut demo`: builds the donut lab, cuts its links while streams run, and reports.
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Build a donut network in namespaces or containers, cut its links while streams run, and report what was"
            + " lost.",
    footer = {
      "",
      "Needs root. Writes report.json and report.html; exits with 0 only if every check holds.",
      "",
      "Example: donut demo --runtime docker",
      "Example: donut demo --mrt rib.20240101.0000.bz2 --as tier1a=3356 --as tier1b=1299"
    })
public final class DemoCommand implements DonutCommand, Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private LabSettings settings = new LabSettings();
  @Mixin private RuntimeOption runtime = new RuntimeOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where reports and logs go (default: build/demo).")
  private Path out = Path.of("build", "demo");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "demo",
      description = "Name of the lab (default: ${DEFAULT-VALUE}).")
  private String name = "demo";

  @Option(
      names = "--rate",
      paramLabel = "PPS",
      defaultValue = "1000",
      description = "Packets a second of each stream and direction (default: ${DEFAULT-VALUE}).")
  private int rate = 1000;

  @Override
  public Integer call() {
    PrintWriter terminal = spec.commandLine().getOut();
    LabOptions options = settings.options(name, out.resolve("logs"), runtime.kind());
    try (InterruptGuard _ = new InterruptGuard()) {
      LabMachine.require();
      Files.createDirectories(options.logs());
      Logging.to(options.logs().resolve("lab.log"));
      Narration story = new Narration(terminal);
      story.line(
          "donut demo: a network that peers like a donut, in "
              + switch (runtime.kind()) {
                case NETNS -> "namespaces of this machine";
                case DOCKER -> "containers of this machine";
              });
      DemoResult outcome = new Demo(options, rate, story).run();
      story.chapter("5. What it cost");
      ClosingTable.lines(outcome).forEach(story::line);
      Path json = Files.writeString(out.resolve("report.json"), DemoJson.render(outcome));
      Path html = Files.writeString(out.resolve("report.html"), DemoPage.render(outcome));
      story.line("");
      story.line("Reports: " + html + " and " + json + "; logs: " + options.logs());
      return outcome.holds() ? 0 : 1;
    } catch (LabException e) {
      return refused(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return refused(out + ": " + e);
    }
  }

  private int refused(String message) {
    spec.commandLine().getOut().flush();
    spec.commandLine().getErr().println("donut: " + message);
    spec.commandLine().getErr().flush();
    return 1;
  }
}
