package net.donut.lab.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.neighbor.LabNeighbors;
import net.donut.lab.run.LabOptions;
import net.donut.lab.table.TableSize;
import net.donut.model.Asn;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say what a donut lab shall be.
final class LabSettings {
  enum Kind {
    REAL,
    OWN
  }

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--neighbors",
      paramLabel = "KIND",
      defaultValue = "real",
      description =
          "real: BIRD and FRR where installed (default); own: Donut's own speaker everywhere.")
  private Kind neighbors = Kind.REAL;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the generated table (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--prefixes",
      paramLabel = "N",
      description = "Prefixes in the generated table, a fifth of them IPv6 (default: 25000).")
  private @Nullable Integer prefixes;

  @Option(
      names = "--mrt",
      paramLabel = "FILE",
      description =
          "Take routes of real peers from an MRT dump of a table (.gz, .bz2, .xz); may repeat.")
  private List<Path> dumps = new ArrayList<>();

  @Option(
      names = "--as",
      paramLabel = "NEIGHBOR=ASN",
      description =
          "With --mrt: the peer that a neighbor becomes; may repeat. The largest feeds are"
              + " transits otherwise.")
  private Map<String, String> asns = new LinkedHashMap<>();

  @Option(
      names = "--insecure",
      description = "Controller and agents talk without TLS; else a certificate authority is made.")
  private boolean insecure;

  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--neighbors", neighbors.name().toLowerCase(java.util.Locale.ROOT)));
    arguments.addAll(List.of("--seed", Long.toString(seed)));
    if (prefixes != null) {
      arguments.addAll(List.of("--prefixes", prefixes.toString()));
    }
    if (insecure) {
      arguments.add("--insecure");
    }
    for (Path dump : dumps) {
      arguments.addAll(List.of("--mrt", dump.toAbsolutePath().toString()));
    }
    asns.forEach((name, asn) -> arguments.addAll(List.of("--as", name + "=" + asn)));
    return arguments;
  }

  LabOptions options(String name, Path logs) {
    return options(name, logs, RuntimeKind.NETNS);
  }

  LabOptions options(String name, Path logs, RuntimeKind runtime) {
    try {
      Map<String, Long> numbers = new LinkedHashMap<>();
      asns.forEach((neighbor, asn) -> numbers.put(neighbor, Asn.parse(asn)));
      return new LabOptions(
          name,
          logs,
          neighbors == Kind.REAL ? LabNeighbors.Choice.REAL : LabNeighbors.Choice.OWN,
          seed,
          prefixes == null ? TableSize.DEFAULT : TableSize.ofTotal(prefixes),
          dumps,
          numbers,
          insecure ? LabOptions.Hops.INSECURE : LabOptions.Hops.MUTUAL_TLS,
          runtime);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
