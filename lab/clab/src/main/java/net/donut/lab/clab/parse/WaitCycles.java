package net.donut.lab.clab.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.lab.clab.model.FilePlace;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.Stage;
import net.donut.lab.clab.model.TopologyProblems;

/// Nodes whose stages wait for each other would wait for ever.
final class WaitCycles {
  private record Step(String node, Stage stage) {
    @Override
    public String toString() {
      return node + "." + stage.word();
    }
  }

  private final Map<Step, List<Step>> before = new HashMap<>();
  private final Map<Step, FilePlace> places = new HashMap<>();

  WaitCycles(List<NodeDefinition> nodes) {
    for (NodeDefinition node : nodes) {
      List<Step> earlier = List.of();
      for (Stage stage : Stage.values()) {
        Step step = new Step(node.name(), stage);
        List<Step> waits = new ArrayList<>(earlier);
        earlier = List.of(step);
        for (Stage.Wait wait : node.life().rules(stage).waits()) {
          waits.add(new Step(wait.node(), wait.stage()));
          places.put(step, wait.place());
        }
        before.put(step, waits);
      }
    }
  }

  void report(TopologyProblems problems) {
    Set<Step> done = new HashSet<>();
    for (Step start : places.keySet()) {
      if (!done.contains(start)) {
        follow(start, new ArrayDeque<>(), done, problems);
      }
    }
  }

  private void follow(Step step, Deque<Step> path, Set<Step> done, TopologyProblems problems) {
    if (path.contains(step)) {
      List<Step> cycle = new ArrayList<>(path);
      cycle = cycle.subList(cycle.indexOf(step), cycle.size());
      Step named = cycle.stream().filter(places::containsKey).findFirst().orElse(step);
      problems.error(
          places.getOrDefault(named, new FilePlace("", 1)),
          "wait-for: %s waits for itself by way of %s (expected: no circle)"
              .formatted(
                  named, String.join(", ", cycle.stream().map(Step::toString).sorted().toList())));
      return;
    }
    if (!done.add(step)) {
      return;
    }
    path.addLast(step);
    before.getOrDefault(step, List.of()).forEach(next -> follow(next, path, done, problems));
    path.removeLast();
  }
}
