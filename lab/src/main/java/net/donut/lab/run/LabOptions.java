package net.donut.lab.run;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.lab.neighbor.Neighbors;
import net.donut.lab.table.TableSize;

/// What a donut lab is to be.
///
/// @param name of the lab: its namespaces are `donut-NAME-NODE`
/// @param logs where the output of every program goes
/// @param dumps MRT files to take routes from instead of generating them; empty for none
/// @param asns AS numbers to take from the dumps, by neighbor
public record LabOptions(
    String name,
    Path logs,
    Neighbors.Choice neighbors,
    long seed,
    TableSize size,
    List<Path> dumps,
    Map<String, Long> asns) {
  public LabOptions {
    dumps = List.copyOf(dumps);
    asns = Map.copyOf(asns);
  }
}
