package net.donut.lab.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import net.donut.api.DonutCommand;
import net.donut.lab.chaos.ChaosRun;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabMachine;
import net.donut.lab.run.InterruptGuard;
import net.donut.lab.run.LabOptions;
import net.donut.lab.run.Narration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `donut chaos`: storms of faults over the donut lab, and what must hold.
@picocli.CommandLine.Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Disturb a donut network in namespaces at random, and check all the time what must hold.",
      "Programs are killed, frozen and cut off, their connections left half-open, links cut,"
          + " neighbors restarted and their sessions reset, routes and groups deleted by hand, writes"
          + " refused as by a full disk. No address may lose its exit while one exists, none may"
          + " circle; at rest kernels are as intended and nothing has grown."
    },
    footer = {
      "",
      "Needs root. Exits with 0 only if everything held. A seed gives the same faults every time;",
      "a sequence that fails is shrunk and can be done again with --replay.",
      "",
      "Example: donut chaos --duration 10m --seed 42"
    })
public final class ChaosCommand implements DonutCommand, Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private LabSettings settings = new LabSettings();

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = Span.class,
      description =
          "How long new storms begin, such as 90s, 10m or 8h; the last is finished (default:"
              + " ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ofMinutes(5);

  @Option(
      names = "--minutes",
      paramLabel = "N",
      description = "The same in minutes, instead of --duration.")
  private @Nullable Integer minutes;

  @Option(
      names = "--replay",
      paramLabel = "FILE",
      description = "Do the faults that an earlier run wrote to a file.")
  private @Nullable Path replay;

  @Option(
      names = "--shrink",
      paramLabel = "N",
      defaultValue = "12",
      description =
          "How many fresh labs may be tried to shrink what failed; 0 for none (default:"
              + " ${DEFAULT-VALUE}).")
  private int trials = 12;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where sequences and logs go (default: build/chaos).")
  private Path out = Path.of("build", "chaos");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "chaos",
      description = "Name of the lab (default: ${DEFAULT-VALUE}).")
  private String name = "chaos";

  /// A duration as people write it.
  static final class Span implements CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      if (!text.matches("[0-9]{1,6}[smh]")) {
        throw new CommandLine.TypeConversionException(
            "'" + text + "' (expected: a number and s, m or h, such as 10m)");
      }
      return Duration.parse("PT" + text);
    }
  }

  @Override
  public Integer call() {
    if (trials < 0) {
      throw new ParameterException(
          spec.commandLine(), "--shrink: " + trials + " (expected: 0 or more)");
    }
    if (minutes != null && minutes < 0) {
      throw new ParameterException(
          spec.commandLine(), "--minutes: " + minutes + " (expected: 0 or more)");
    }
    Duration span = minutes == null ? duration : Duration.ofMinutes(minutes);
    LabOptions options = settings.options(name, out.resolve("logs"));
    try (InterruptGuard _ = new InterruptGuard()) {
      LabMachine.require();
      if (!Command.exists("prlimit")) {
        throw new LabException("needs the program 'prlimit': apt-get install util-linux");
      }
      List<String> lines = replay == null ? List.of() : Files.readAllLines(replay);
      if (replay != null
          && lines.stream().allMatch(line -> line.isBlank() || line.startsWith("#"))) {
        return refused(replay + ": no fault (expected: lines of a sequence.txt)");
      }
      Files.createDirectories(options.logs());
      Logging.to(options.logs().resolve("lab.log"));
      String command = "donut chaos " + String.join(" ", settings.arguments());
      ChaosRun run =
          new ChaosRun(options, out, command, new Narration(spec.commandLine().getOut()));
      return (replay == null ? run.random(span, trials) : run.replay(lines, trials)) ? 0 : 1;
    } catch (LabException | IllegalArgumentException e) {
      return refused(String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      return refused(e.toString());
    }
  }

  private int refused(String message) {
    spec.commandLine().getOut().flush();
    spec.commandLine().getErr().println("donut: " + message);
    spec.commandLine().getErr().flush();
    return 1;
  }
}
