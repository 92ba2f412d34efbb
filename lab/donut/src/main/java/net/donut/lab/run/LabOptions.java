package net.donut.lab.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.neighbor.LabNeighbors;
import net.donut.lab.table.TableSize;

/// What a donut lab is to be.
///
/// @param name of the lab: its namespaces are `donut-NAME-NODE`
/// @param logs where the output of every program goes
/// @param dumps MRT files to take routes from instead of generating them; empty for none
/// @param asns AS numbers to take from the dumps, by neighbor
/// @param hops how our programs talk to each other
/// @param runtime what its nodes are
public record LabOptions(
    String name,
    Path logs,
    LabNeighbors.Choice neighbors,
    long seed,
    TableSize size,
    List<Path> dumps,
    Map<String, Long> asns,
    Hops hops,
    RuntimeKind runtime) {

  /// How controller and agents talk to each other.
  public enum Hops {
    MUTUAL_TLS,
    INSECURE
  }

  public LabOptions {
    dumps = List.copyOf(dumps);
    asns = Map.copyOf(asns);
  }

  /// In namespaces, with TLS.
  public LabOptions(
      String name,
      Path logs,
      LabNeighbors.Choice neighbors,
      long seed,
      TableSize size,
      List<Path> dumps,
      Map<String, Long> asns) {
    this(name, logs, neighbors, seed, size, dumps, asns, Hops.MUTUAL_TLS, RuntimeKind.NETNS);
  }
}
