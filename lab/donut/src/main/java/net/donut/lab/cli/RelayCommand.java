package net.donut.lab.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import net.donut.lab.impair.RelayPair;
import net.donut.lab.impair.RelayProcess;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.ImpairmentKind;
import net.donut.lab.net.LabWire;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The process that delays the frames of one wire, in the wire namespace; started by `links
/// impair`.
@Command(name = "relay", hidden = true, mixinStandardHelpOptions = true)
final class RelayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--wire", required = true, paramLabel = "N")
  private int number;

  @Option(names = "--delay", required = true, paramLabel = "TIME")
  private String delay = "";

  @Option(names = "--jitter", required = true, paramLabel = "TIME")
  private String jitter = "";

  @Override
  public Integer call() {
    Impairment asked =
        Impairment.of(Map.of(ImpairmentKind.DELAY, delay, ImpairmentKind.JITTER, jitter));
    RelayPair relays =
        RelayPair.start(
            new LabWire(number), asked, task -> Thread.ofPlatform().daemon().unstarted(task));
    spec.commandLine().getOut().println(RelayProcess.READY);
    spec.commandLine().getOut().flush();
    relays.join();
    return 0;
  }
}
