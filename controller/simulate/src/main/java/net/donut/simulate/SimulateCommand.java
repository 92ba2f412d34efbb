package net.donut.simulate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.donut.api.DonutCommand;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `donut simulate`: what a policy would do with an internet on file.
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Say what a policy would do with the routes of MRT dumps: no router, no root.",
      "Dumps are routing tables and updates (RFC 6396), plain or compressed with gzip, bzip2 or xz;"
          + " updates are applied after the tables, in the order given."
    },
    footer = {
      "",
      "Examples:",
      "  donut simulate --policy network.yml --mrt rib.20260101.0000.bz2 --out report",
      "  donut simulate --policy network.yml --mrt rib.bz2 --whatif \"cut tier1a\" --explain 192.0.2.1",
      "  donut simulate --policy none --mrt rib.bz2 --best best.tsv",
      "",
      "Exit code 1: an address block that an accepted route covers is not forwarded (a hole).",
      "Exit code 2: wrong usage, or an input that is damaged, cut, of another format or without any"
          + " route; the lines on standard error name it."
    })
public final class SimulateCommand implements DonutCommand, Callable<Integer> {
  /// Words of `-o`.
  enum Form {
    TABLE,
    JSON
  }

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "FILE",
      description = "The policy file, or none: all peers alike, the plain decision of RFC 4271.")
  private String policy = "";

  @Option(
      names = "--mrt",
      required = true,
      arity = "1..*",
      paramLabel = "DUMP",
      description = "MRT dumps: tables, updates.")
  private List<Path> dumps = List.of();

  @Option(
      names = "--vrps",
      paramLabel = "FILE",
      description = "Validated ROA payloads: JSON or CSV of Routinator, rpki-client, StayRTR.")
  private @Nullable Path vrps;

  @Option(
      names = "--best",
      paramLabel = "FILE",
      description = "Write the best path of every prefix: tab-separated, one row a prefix.")
  private @Nullable Path best;

  @Option(
      names = "--whatif",
      paramLabel = "CHANGE",
      description = {
        "Compare with another world, may be repeated: \"cut NEIGHBOR\",",
        "\"add [RELATION] AS6939 [at ROUTER]\" (relation: peer unless given)."
      })
  private List<String> changes = List.of();

  @Option(
      names = "--explain",
      paramLabel = "ADDRESS",
      description = "Say where an address goes and why, may be repeated.")
  private List<String> addresses = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Form form = Form.TABLE;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Write simulate.json and simulate.html into this directory.")
  private @Nullable Path directory;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = Progress.on(err);
    try {
      Findings findings = findings(progress);
      progress.end();
      out.print(
          form == Form.JSON ? SimulationJson.render(findings) : SimulationText.render(findings));
      out.flush();
      boolean whole = remark(findings, err);
      err.flush();
      return !whole ? 2 : findings.coverage().holeCount() > 0 ? 1 : 0;
    } catch (BadInput e) {
      progress.end();
      err.println("donut: " + e.getMessage());
      err.flush();
      return 2;
    }
  }

  /// Names what of the input is not in the answer; whether that is nothing that was meant to be.
  private boolean remark(Findings findings, PrintWriter err) {
    Findings.Load load = findings.load();
    load.empty().forEach(line -> err.println("donut: warning: " + line));
    for (Findings.Fault fault : load.faults()) {
      String more = fault.times() == 1 ? "" : "; %,d like it".formatted(fault.times());
      err.println("donut: " + fault.first() + more);
    }
    if (!load.skipped().isEmpty()) {
      err.println("donut: " + Remarks.LeftOutCounts.line(load.skipped()));
    }
    boolean added = findings.comparisons().stream().anyMatch(Findings.Comparison::adds);
    if (findings.counts().paths() == 0 && !added) {
      err.println(
          ("donut: no route to decide about: %,d announcements in %,d records (expected: dumps with"
                  + " routes of peers that the policy has; simulate.peers and simulate.others of it"
                  + " say who they are)")
              .formatted(load.announcements(), load.records()));
      return false;
    }
    return !load.incomplete();
  }

  private Findings findings(Progress progress) {
    Question question = new Question(dumps, vrps, best, changes, addresses);
    Findings findings =
        policy.equals("none")
            ? Simulation.plain(question, progress)
            : Simulation.of(Path.of(policy), question, progress);
    if (directory != null) {
      ReportFiles.write(directory, findings);
    }
    return findings;
  }
}
