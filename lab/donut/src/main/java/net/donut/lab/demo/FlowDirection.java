package net.donut.lab.demo;

import java.util.ArrayList;
import java.util.List;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.run.DonutLab;
import net.donut.lab.topology.Topology;

/// One direction of a flow; in the order in which the probes report: each flow there, then back.
record FlowDirection(Topology.Flow flow, Topology.FlowEnd from, Topology.FlowEnd to) {

  static List<FlowDirection> all(DonutLab lab) {
    List<FlowDirection> directions = new ArrayList<>();
    for (Topology.Flow flow : lab.topology().flows()) {
      directions.add(new FlowDirection(flow, flow.from(), flow.to()));
      directions.add(new FlowDirection(flow, flow.to(), flow.from()));
    }
    return directions;
  }

  /// The way each direction takes now.
  static List<PathTrace> traces(DonutLab lab) {
    return all(lab).stream()
        .map(direction ->
            PathTrace.trace(
                lab.network(),
                direction.from.node(),
                direction.from.address(),
                direction.to.address()))
        .toList();
  }
}
