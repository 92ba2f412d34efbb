package net.donut.lab.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Cuts links and nodes of a lab and restores them. A cut is noted in [LabFaults] before it is made
/// and struck out after it is undone, so any process that has the lab's name can restore it.
///
/// Owned by the thread that runs the lab or the command.
public final class Cuts {
  private final Cuttable network;
  private final LabFaults faults;

  public Cuts(Cuttable network, LabFaults faults) {
    this.network = network;
    this.faults = faults;
  }

  /// What is cut now, by the name of the link or node.
  public Map<String, Cut> active() {
    return faults.cuts();
  }

  /// Cuts a link or a node; what is cut in another way is restored first, what is cut in this way
  /// is left alone. A flap returns when it is over. Throws IllegalArgumentException when there is
  /// no such link or node. What cuts a link, but for a flap, cuts all links of a bridge at once.
  public void cut(String target, Cut how) {
    switch (how) {
      case Cut.Flap flap -> flap(network.cable(target), flap);
      case Cut.OfLink ofLink -> {
        List<Cuttable.Cable> cables = network.cablesOf(target);
        faults.locked(() -> cables.forEach(cable -> cut(cable, ofLink)));
      }
      case Cut.OfNode ofNode -> {
        String node = network.node(target);
        faults.locked(() -> cut(node, ofNode));
      }
    }
  }

  /// Undoes a cut of any kind; what is not cut is left alone.
  public void restore(String target) {
    String name = network.target(target);
    faults.locked(() -> {
      restoreLocked(name);
      network.guests(name).forEach(this::restoreLocked);
    });
  }

  private void restoreLocked(String name) {
    switch (active().get(name)) {
      case null -> {}
      case Cut.OfLink ofLink -> restore(network.cable(name), ofLink);
      case Cut.OfNode ofNode -> restore(name, ofNode);
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
    restoreLocked(target);
    faults.cut(target, how);
    return true;
  }

  private void cut(Cuttable.Cable cable, Cut.OfLink how) {
    if (!begin(cable.name(), how)) {
      return;
    }
    LabWire wire = cable.wire();
    switch (how) {
      case Cut.Plain.FIBRE -> network.wire().ip(List.of(wire.down()));
      case Cut.Plain.SILENT, Cut.Plain.ONE_WAY -> carry(cable, how);
      case Cut.Plain.ADMIN_DOWN -> network.shut(cable);
      case Cut.BrownOut _ -> carry(cable, how);
      case Cut.Flap _ -> network.wire().ip(List.of(wire.down()));
    }
  }

  private void restore(Cuttable.Cable cable, Cut.OfLink how) {
    switch (how) {
      case Cut.Plain.FIBRE -> raise(cable);
      case Cut.Flap _ -> raise(cable);
      case Cut.Plain.SILENT, Cut.Plain.ONE_WAY -> carry(cable, null);
      case Cut.BrownOut _ -> carry(cable, null);
      case Cut.Plain.ADMIN_DOWN -> network.reopen(cable);
    }
    faults.restored(cable.name());
  }

  private void carry(Cuttable.Cable cable, Cut.@Nullable OfLink how) {
    FrameDelivery carriage = FrameDelivery.of(faults.emulations().get(cable.name()), how);
    network.wire().tc(cable.wire().carry(carriage));
  }

  /// Gives a link its carrier, unless a node at one of its ends is dead.
  private void raise(Cuttable.Cable cable) {
    if (!CutState.isDownWithNode(cable, active())) {
      network.wire().ip(List.of(cable.wire().up()));
    }
  }

  /// Ends early when another cut of the link or its restoration came between.
  private void flap(Cuttable.Cable cable, Cut.Flap flap) {
    Duration half = flap.period().dividedBy(2);
    faults.locked(() -> cut(cable, flap));
    try {
      for (int i = 1; i <= flap.count() && isCut(cable, flap); i++) {
        Pause.of(half);
        whileCut(cable, flap, () -> raise(cable));
        Pause.of(half);
        if (i < flap.count()) {
          whileCut(cable, flap, () -> network.wire().ip(List.of(cable.wire().down())));
        }
      }
    } finally {
      Pause.undisturbed(() -> whileCut(cable, flap, () -> restore(cable, flap)));
    }
  }

  private void whileCut(Cuttable.Cable cable, Cut how, Runnable act) {
    faults.locked(() -> {
      if (isCut(cable, how)) {
        act.run();
      }
    });
  }

  private boolean isCut(Cuttable.Cable cable, Cut how) {
    return how.equals(active().get(cable.name()));
  }

  private void cut(String node, Cut.OfNode how) {
    if (!active().containsKey(node)) {
      requireProcesses(node);
    }
    network.require(node, how);
    if (!begin(node, how)) {
      return;
    }
    switch (how) {
      case NODE_KILL -> {
        // The carrier first: a machine that dies does not say goodbye on its TCP connections.
        carrier(node, _ -> true, LabWire::down);
        network.kill(node);
      }
      case NODE_FREEZE -> network.freeze(node);
    }
  }

  private void requireProcesses(String node) {
    if (!network.isRunning(node)) {
      throw new LabException(
          "node '"
              + node
              + "' runs no process of its own (expected: a router or another program): cut its links"
              + " instead");
    }
  }

  private void restore(String node, Cut.OfNode how) {
    switch (how) {
      case NODE_KILL -> {
        carrier(node, cable -> mayHaveCarrier(cable, node), LabWire::up);
        network.revive(node);
      }
      case NODE_FREEZE -> network.thaw(node);
    }
    faults.restored(node);
  }

  private void carrier(
      String node, Predicate<Cuttable.Cable> which, Function<LabWire, String> change) {
    List<String> lines = new ArrayList<>();
    network.cables().stream()
        .filter(cable -> cable.touches(node))
        .filter(which)
        .forEach(cable -> lines.add(change.apply(cable.wire())));
    network.wire().ip(lines);
  }

  /// Links that are cut by themselves, or dead at their other end, stay without.
  private boolean mayHaveCarrier(Cuttable.Cable cable, String restored) {
    return active().get(cable.name()) != Cut.Plain.FIBRE
        && active().get(cable.peer(restored)) != Cut.OfNode.NODE_KILL;
  }
}
