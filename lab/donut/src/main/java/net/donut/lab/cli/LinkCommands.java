package net.donut.lab.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.donut.lab.clab.link.CalibratedLink;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.link.LinkList;
import net.donut.lab.clab.link.PacketCapture;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Impairment;
import net.donut.lab.run.InterruptGuard;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `donut lab links ...`: what is done to the links of a deployed lab.
@Command(
    name = "links",
    mixinStandardHelpOptions = true,
    description =
        "List, impair, measure and capture the links of a lab; they are cut by donut lab cut.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LinkCommands.Show.class,
      LinkCommands.CutLink.class,
      LinkCommands.Restore.class,
      LinkCommands.FlapLink.class,
      LinkCommands.Impair.class,
      LinkCommands.MeasureLinks.class,
      LinkCommands.CaptureEnd.class
    },
    footer = {"", "Example: donut lab links impair r1:r2 --delay 20ms --name triangle"})
final class LinkCommands implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: see donut lab links --help");
  }

  /// `donut lab links list`.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show the links of a lab and how they are.",
      footer = {"", "Example: donut lab links list --name triangle -f json"})
  static final class Show extends OnLab {
    @Option(
        names = {"-f", "--format", "-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "table",
        description = "table or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.table;

    @Override
    void act(LabRecord record, PrintWriter out) {
      LinkList list = LinkList.of(record, cuttable(record).cables());
      switch (format) {
        case table -> list.print(out, pen());
        case json -> out.println(list.json().toPrettyString());
      }
    }
  }

  /// `donut lab links cut`.
  @Command(
      name = "cut",
      mixinStandardHelpOptions = true,
      description = "The old word for donut lab cut.",
      footer = {
        "",
        "Example: donut lab links cut r1:eth1 --kind silent",
        "Example: donut lab links cut r1:r2",
        "Example: donut lab links cut r1 --kind node-kill"
      })
  static final class CutLink extends LabCommand.CutTarget {
    @Override
    void act(LabRecord record, PrintWriter out) {
      tellNewWord("cut");
      super.act(record, out);
    }
  }

  /// `donut lab links flap`.
  @Command(
      name = "flap",
      mixinStandardHelpOptions = true,
      description = "The old word for donut lab cut --kind flap.",
      footer = {"", "Example: donut lab links flap r1:eth1 --count 5 --period 500ms"})
  static final class FlapLink extends OnLab {
    @Parameters(paramLabel = "LINK", description = "By one end or both nodes, r1:eth1 or r1:r2.")
    private String target = "";

    @Mixin private CutOptions.FlapOptions options = new CutOptions.FlapOptions();

    @Override
    void act(LabRecord record, PrintWriter out) {
      tellNewWord("cut --kind flap");
      Cut.Flap flap = options.flap();
      CutCommands.cut(cuttable(record).cuts(), target, flap, out);
    }
  }

  /// `donut lab links restore`.
  @Command(
      name = "restore",
      mixinStandardHelpOptions = true,
      description = "The old word for donut lab restore.",
      footer = {
        "",
        "Example: donut lab links restore r1:eth1",
        "Example: donut lab links restore --all --name triangle"
      })
  static final class Restore extends LabCommand.Restore {
    @Override
    void act(LabRecord record, PrintWriter out) {
      tellNewWord("restore");
      super.act(record, out);
    }
  }

  /// `donut lab links impair`.
  @Command(
      name = "impair",
      mixinStandardHelpOptions = true,
      description = {
        "Delay, lose or slow down what goes over a link, until it is impaired otherwise or cleared,",
        "and measure what came of it."
      },
      footer = {
        "",
        "Example: donut lab links impair r1:r2 --delay 20ms --jitter 2ms --loss 1%% --rate 50mbit",
        "Example: donut lab links impair r1:r2 --clear"
      })
  static final class Impair extends OnLab {
    @Parameters(paramLabel = "LINK", description = "By one end or both nodes, r1:eth1 or r1:r2.")
    private String target = "";

    @Mixin private ImpairOptions options = new ImpairOptions();

    @Option(names = "--clear", description = "Make it a plain wire again.")
    private boolean clear;

    @Mixin private TableOrJson output = new TableOrJson();

    @Override
    void act(LabRecord record, PrintWriter out) {
      CuttableLab links = cuttable(record);
      links.requireMeasurable(target);
      links.impairments().impair(target, clear ? Impairment.NONE : options.impairment());
      output.print(out, List.of(links.calibrate(target)));
    }
  }

  /// `donut lab links measure`.
  @Command(
      name = "measure",
      mixinStandardHelpOptions = true,
      description = {
        "Send frames over links to find out their delay, jitter, loss and, where one was asked for,",
        "rate."
      },
      footer = {"", "Example: donut lab links measure r1:r2 -f json"})
  static final class MeasureLinks extends OnLab {
    @Parameters(
        paramLabel = "LINK",
        description = "By one end or both nodes, r1:eth1 or r1:r2 (default: all impaired).")
    private List<String> targets = List.of();

    @Mixin private TableOrJson output = new TableOrJson();

    @Override
    void act(LabRecord record, PrintWriter out) {
      CuttableLab links = cuttable(record);
      List<String> names =
          targets.isEmpty() ? List.copyOf(links.impairments().active().keySet()) : targets;
      output.print(out, names.stream().map(links::calibrate).toList());
    }
  }

  /// How calibrations are printed.
  static final class TableOrJson {
    @Option(
        names = {"-f", "--format", "-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "table",
        description = "table or json (default: ${DEFAULT-VALUE}).")
    private ClabCommand.Format format = ClabCommand.Format.table;

    void print(PrintWriter out, List<CalibratedLink> links) {
      switch (format) {
        case table -> CalibratedLink.print(out, links);
        case json -> out.println(CalibratedLink.json(links).toPrettyString());
      }
    }
  }

  /// `donut lab links capture`.
  @Command(
      name = "capture",
      mixinStandardHelpOptions = true,
      description = "Show or write the packets at an interface of a node, by tcpdump.",
      footer = {
        "",
        "Example: donut lab links capture r1:eth1 --count 10 tcp port 179",
        "Example: donut lab links capture r1:eth1 -w r1.pcap --seconds 30",
        "Example: donut lab links capture r1:eth1 -w - | wireshark -k -i -"
      })
  static final class CaptureEnd extends OnLab {
    @Parameters(index = "0", paramLabel = "NODE:IFACE", description = "Such as r1:eth1.")
    private String end = "";

    @Parameters(index = "1..*", paramLabel = "FILTER", description = "As tcpdump takes it.")
    private List<String> filter = List.of();

    @Option(
        names = "-w",
        paramLabel = "FILE",
        description = "Write packets there, as pcap; - for standard output.")
    private @Nullable Path file;

    @Option(names = "--count", paramLabel = "N", description = "End after so many packets.")
    private int count;

    @Option(names = "--seconds", paramLabel = "N", description = "End after so many seconds.")
    private int seconds;

    @Override
    void act(LabRecord record, PrintWriter out) {
      PacketCapture capture =
          new PacketCapture(
              PacketCapture.interfaceOf(record, end),
              file,
              count,
              Duration.ofSeconds(seconds),
              filter);
      try (InterruptGuard _ = new InterruptGuard()) {
        capture.run(out, spec.commandLine().getErr());
      }
    }
  }
}
