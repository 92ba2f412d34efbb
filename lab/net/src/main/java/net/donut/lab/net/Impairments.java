package net.donut.lab.net;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Impairs the links of a lab. What is asked of a link is noted in [LabFaults] before it is done
/// and struck out after it is undone; cuts of an impaired link come on top.
///
/// Owned by the thread that runs the command.
public final class Impairments {
  /// Starts the programs that delay frames.
  @FunctionalInterface
  public interface Relays {
    /// Starts one between the relay ports of a wire and returns when it relays. It ends when the
    /// ports are deleted, or with the namespace.
    void start(Namespace wires, LabWire wire, Impairment asked);
  }

  private final Cuttable network;
  private final LabFaults faults;
  private final Relays relays;

  public Impairments(Cuttable network, LabFaults faults, Relays relays) {
    this.network = network;
    this.faults = faults;
    this.relays = relays;
  }

  /// What is impaired now, by the name of the link.
  public Map<String, Emulation> active() {
    return faults.emulations();
  }

  /// Impairs a link in the place of what it was impaired by before; [Impairment#NONE] makes it a
  /// wire again. Throws LabException, and leaves a wire, when this machine lacks the means.
  public void impair(String link, Impairment asked) {
    Cuttable.Cable cable = network.cable(link);
    if (asked.equals(Impairment.NONE)) {
      faults.locked(() -> clear(cable));
      return;
    }
    Emulation emulation = Emulation.of(asked, network.wire());
    faults.locked(() -> {
      clear(cable);
      faults.impaired(cable.name(), emulation);
      try {
        make(cable, emulation);
      } catch (LabException e) {
        clear(cable);
        throw new LabException(
            "link %s: %s: not on this machine: %s".formatted(cable.name(), asked, e.getMessage()),
            e);
      }
    });
  }

  private void make(Cuttable.Cable cable, Emulation emulation) {
    LabWire wire = cable.wire();
    network.wire().tc(emulation.disciplines(wire));
    if (emulation instanceof Emulation.Parts parts) {
      if (parts.isRelayed()) {
        network.wire().ip(wire.relayPorts());
        relays.start(network.wire(), wire, parts.asked());
      }
      carry(cable, emulation);
    }
  }

  /// What a killed command left half done is taken away as well.
  private void clear(Cuttable.Cable cable) {
    Emulation before = faults.emulations().get(cable.name());
    if (before == null) {
      return;
    }
    carry(cable, null);
    network.wire().tryTc(before.noDisciplines(cable.wire()));
    network.wire().tryIp(cable.wire().noRelayPorts());
    faults.whole(cable.name());
  }

  private void carry(Cuttable.Cable cable, @Nullable Emulation emulation) {
    FrameDelivery carriage = FrameDelivery.of(emulation, faults.cuts().get(cable.name()));
    network.wire().tc(cable.wire().carry(carriage));
  }
}
