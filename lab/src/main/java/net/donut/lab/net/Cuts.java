package net.donut.lab.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.topology.Link;
import net.donut.lab.topology.Node;

/// Cuts links and nodes of a lab and restores them. A cut is noted in the state file before it is
/// made and struck out after it is undone, so any process that has the lab's name can restore it.
///
/// Owned by the thread that runs the lab or the command.
public final class Cuts {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final LabNetwork network;
  private final LabState state;

  Cuts(LabNetwork network, LabState state) {
    this.network = network;
    this.state = state;
  }

  /// What is cut now, by the name of the link or node.
  public Map<String, Cut> active() {
    return state.cuts();
  }

  /// Whether a link has no carrier because a node at one of its ends is dead.
  public static boolean isDownWithNode(Link link, Map<String, Cut> active) {
    return active.get(link.a().node()) == Cut.OfNode.NODE_KILL
        || active.get(link.b().node()) == Cut.OfNode.NODE_KILL;
  }

  /// Cuts a link or a node; what is cut in another way is restored first, what is cut in this way
  /// is left alone. A flap returns when it is over. Throws IllegalArgumentException when there is
  /// no such link or node.
  public void cut(String target, Cut how) {
    switch (how) {
      case Cut.Flap flap -> flap(network.topology().link(target), flap);
      case Cut.OfLink ofLink -> {
        Link link = network.topology().link(target);
        state.locked(() -> cut(link, ofLink));
      }
      case Cut.OfNode ofNode -> {
        Node node = network.topology().node(target);
        state.locked(() -> cut(node, ofNode));
      }
    }
  }

  /// Undoes a cut of any kind; what is not cut is left alone.
  public void restore(String target) {
    state.locked(() -> restoreLocked(target));
  }

  private void restoreLocked(String target) {
    Cut now = active().get(target);
    switch (now) {
      case null -> requireTarget(target);
      case Cut.OfLink ofLink -> restore(network.topology().link(target), ofLink);
      case Cut.OfNode ofNode -> restore(network.topology().node(target), ofNode);
    }
  }

  private void requireTarget(String target) {
    List<String> names = new ArrayList<>();
    network.topology().links().forEach(link -> names.add(link.name()));
    network.topology().nodes().forEach(node -> names.add(node.name()));
    if (!names.contains(target)) {
      throw new IllegalArgumentException(
          "link or node: '" + target + "' (expected one of: " + String.join(", ", names) + ")");
    }
  }

  /// Undoes every cut.
  public void restoreAll() {
    active().keySet().forEach(this::restore);
  }

  /// Notes a cut after undoing another; false when there is nothing to do.
  private boolean begin(String target, Cut how) {
    Cut now = active().get(target);
    if (how.equals(now) && !(how instanceof Cut.Flap)) {
      return false;
    }
    if (now != null) {
      restore(target);
    }
    state.cut(target, how);
    return true;
  }

  private void cut(Link link, Cut.OfLink how) {
    if (!begin(link.name(), how)) {
      return;
    }
    Wire wire = network.wire(link);
    switch (how) {
      case Cut.Plain.FIBRE -> network.wire().ip(List.of(wire.down()));
      case Cut.Plain.SILENT -> network.wire().tc(wire.silent());
      case Cut.Plain.ONE_WAY -> network.wire().tc(wire.oneWay());
      case Cut.Plain.ADMIN_DOWN -> {
        Link.End end = administrated(link);
        network.namespace(end.node()).ip(List.of("link set " + end.device() + " down"));
      }
      case Cut.BrownOut(double lossPercent) -> network.wire().tc(wire.lossy(lossPercent));
      case Cut.Flap _ -> network.wire().ip(List.of(wire.down()));
    }
  }

  private void restore(Link link, Cut.OfLink how) {
    switch (how) {
      case Cut.Plain.FIBRE -> raise(link);
      case Cut.Flap _ -> raise(link);
      case Cut.Plain.SILENT, Cut.Plain.ONE_WAY -> mend(link);
      case Cut.BrownOut _ -> mend(link);
      case Cut.Plain.ADMIN_DOWN -> {
        Link.End end = administrated(link);
        network.namespace(end.node()).ip(network.bringUp(link, end));
      }
    }
    state.restored(link.name());
  }

  private void mend(Link link) {
    network.wire().tc(network.wire(link).whole());
  }

  /// The end that is set down: never a router of ours where the other end is somebody else.
  private Link.End administrated(Link link) {
    boolean oursIsSecond = isOurs(link.b()) && !isOurs(link.a());
    return oursIsSecond ? link.a() : link.b();
  }

  private boolean isOurs(Link.End end) {
    return network.topology().node(end.node()) instanceof Node.Edge;
  }

  /// Gives a link its carrier, unless a node at one of its ends is dead.
  private void raise(Link link) {
    if (!isDownWithNode(link, active())) {
      network.wire().ip(List.of(network.wire(link).up()));
    }
  }

  /// Ends early when another cut of the link or its restoration came between.
  private void flap(Link link, Cut.Flap flap) {
    Duration half = flap.period().dividedBy(2);
    state.locked(() -> cut(link, flap));
    try {
      for (int i = 1; i <= flap.count() && isCut(link, flap); i++) {
        Pause.of(half);
        whileCut(link, flap, () -> raise(link));
        Pause.of(half);
        if (i < flap.count()) {
          whileCut(link, flap, () -> network.wire().ip(List.of(network.wire(link).down())));
        }
      }
    } finally {
      Pause.undisturbed(() -> whileCut(link, flap, () -> restore(link, flap)));
    }
  }

  private void whileCut(Link link, Cut how, Runnable act) {
    state.locked(() -> {
      if (isCut(link, how)) {
        act.run();
      }
    });
  }

  private boolean isCut(Link link, Cut how) {
    return how.equals(active().get(link.name()));
  }

  private void cut(Node node, Cut.OfNode how) {
    if (!active().containsKey(node.name())) {
      requireProcesses(node);
    }
    if (!begin(node.name(), how)) {
      return;
    }
    switch (how) {
      case NODE_KILL -> kill(node);
      case NODE_FREEZE -> network.namespace(node.name()).signal("STOP");
    }
  }

  private void requireProcesses(Node node) {
    if (network.namespace(node.name()).processes().isEmpty()) {
      throw new LabException(
          "node '"
              + node.name()
              + "' runs no process of its own (expected: a router of ours, the controller, or a"
              + " neighbor on BIRD or FRR): cut its links instead");
    }
  }

  /// Takes the carrier first: a machine that dies does not say goodbye on its TCP connections.
  private void kill(Node node) {
    Namespace namespace = network.namespace(node.name());
    network.wire().ip(carrierLost(node));
    Pause.until(
        "processes of " + node.name() + " end",
        LIMIT,
        () -> {
          namespace.signal("KILL");
          return namespace.processes().isEmpty();
        });
  }

  private void restore(Node node, Cut.OfNode how) {
    switch (how) {
      case NODE_KILL -> {
        network.wire().ip(carrierBack(node));
        state.programs().stream()
            .filter(program -> program.namespace().equals(network.namespace(node.name())))
            .filter(program -> !program.id().isAlive())
            .forEach(program -> program.again(state));
      }
      case NODE_FREEZE -> network.namespace(node.name()).signal("CONT");
    }
    state.restored(node.name());
  }

  private List<String> carrierLost(Node node) {
    List<String> lines = new ArrayList<>();
    network.topology().linksOf(node.name()).forEach(link -> lines.add(network.wire(link).down()));
    network.managementPort(node).ifPresent(port -> lines.add("link set " + port + " down"));
    return lines;
  }

  /// Links that are cut by themselves, or dead at their other end, stay without.
  private List<String> carrierBack(Node node) {
    List<String> lines = new ArrayList<>();
    network
        .topology()
        .linksOf(node.name())
        .filter(link -> mayHaveCarrier(link, node))
        .forEach(link -> lines.add(network.wire(link).up()));
    network.managementPort(node).ifPresent(port -> lines.add("link set " + port + " up"));
    return lines;
  }

  private boolean mayHaveCarrier(Link link, Node restored) {
    return active().get(link.name()) != Cut.Plain.FIBRE
        && active().get(link.peer(restored.name()).node()) != Cut.OfNode.NODE_KILL;
  }
}
