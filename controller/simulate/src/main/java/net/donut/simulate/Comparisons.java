package net.donut.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.donut.core.Engine;
import net.donut.core.SessionLiveness;
import net.donut.core.answer.WhatIf;
import net.donut.core.change.Delta;
import net.donut.core.policy.NeighborConfig;
import net.donut.core.policy.Policy;
import net.donut.core.policy.SessionConfig;
import net.donut.model.Family;
import net.donut.model.Prefixes;
import net.donut.simulate.Findings.Comparison;
import net.donut.simulate.Findings.World;

/// Other worlds beside the committed one. The engine is as before when an answer is given.
final class Comparisons {
  private final Engine engine;
  private final Progress progress;

  Comparisons(Engine engine, Progress progress) {
    this.engine = engine;
    this.progress = progress;
  }

  List<Comparison> cuts(List<Change> changes, Map<String, MrtPeer> peers) {
    List<Comparison> answers = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.Cut cut) {
        answers.add(cut(cut, named(cut, peers)));
      }
    }
    return answers;
  }

  List<Comparison> all(List<Change> changes, PolicyPeers peers) {
    List<Comparison> answers = new ArrayList<>();
    for (Change change : changes) {
      progress.step("what if: " + change.text());
      answers.add(
          switch (change) {
            case Change.Cut cut -> cut(cut, named(cut, Map.of()));
            case Change.Add add -> add(add, peers.held(add));
          });
    }
    return answers;
  }

  /// The neighbors that a cut names by name, by address or by AS number.
  private List<String> named(Change.Cut cut, Map<String, MrtPeer> peers) {
    TreeSet<String> found = new TreeSet<>();
    for (String word : cut.neighbors()) {
      int before = found.size();
      for (NeighborConfig neighbor : engine.policy().neighbors()) {
        MrtPeer peer = peers.get(neighbor.name());
        boolean meant =
            neighbor.name().equals(word)
                || word.equalsIgnoreCase("AS" + neighbor.as())
                || (peer != null && PolicyPeers.isMeant(word, peer));
        if (meant) {
          found.add(neighbor.name());
        }
      }
      if (found.size() == before) {
        List<String> all = engine.policy().neighbors().stream().map(NeighborConfig::name).toList();
        throw new BadInput(
            "what-if '%s': neighbor %s (expected: one of %s)".formatted(cut.text(), word, all));
      }
    }
    return List.copyOf(found);
  }

  private Comparison cut(Change.Cut cut, List<String> names) {
    World before = Simulation.world(engine);
    List<WhatIf.Change> changes = new ArrayList<>();
    names.forEach(name -> changes.add(new WhatIf.Change.CutNeighbor(name)));
    long begun = System.nanoTime();
    WhatIf answer = engine.whatIf(changes);
    double millis = (System.nanoTime() - begun) / 1e6;
    set(names, SessionLiveness.down());
    World after = Simulation.world(engine);
    set(names, SessionLiveness.unknown());
    return new Comparison(
        cut.text(), before, after, answer.moved(), answer.lost(), answer.shifts(), millis);
  }

  private void set(List<String> names, SessionLiveness liveness) {
    for (String name : names) {
      for (Family family : Family.values()) {
        engine.setSession(engine.neighbor(name), family, liveness);
      }
    }
    engine.commit();
  }

  private Comparison add(Change.Add add, HeldRoutes held) {
    World before = Simulation.world(engine);
    Policy policy = engine.policy();
    String router = add.router().isEmpty() ? policy.routers().getFirst().name() : add.router();
    NeighborConfig added = PolicyPeers.newNeighbor(held.peer(), add.relation(), router);
    long begun = System.nanoTime();
    engine.addNeighbors(List.of(added));
    int number = engine.neighbor(added.name());
    held.routes()
        .forEach((prefix, attributes) -> {
          SessionConfig session = added.session(prefix.family());
          if (session != null) {
            engine.announce(
                number, Prefixes.of(prefix), PolicyPeers.asHeardHere(added, session, attributes));
          }
        });
    Delta delta = engine.commit();
    double millis = (System.nanoTime() - begun) / 1e6;
    World after = Simulation.world(engine);
    List<WhatIf.Shift> shifts = new ArrayList<>();
    for (WhatIf.Shift back :
        engine.whatIf(List.of(new WhatIf.Change.CutNeighbor(added.name()))).shifts()) {
      shifts.add(new WhatIf.Shift(back.router(), back.to(), back.from(), back.prefixes()));
    }
    engine.applyPolicy(policy);
    engine.commit();
    return new Comparison(add.text(), before, after, delta.moved(), 0, shifts, millis);
  }
}
