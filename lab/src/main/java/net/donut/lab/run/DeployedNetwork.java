package net.donut.lab.run;

import java.time.Duration;
import java.util.List;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.wiring.Wiring;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.Cuttable;
import net.donut.lab.net.Faults;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LiveNetwork;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Wire;
import net.donut.lab.topology.Link;
import net.donut.lab.topology.Topology;

/// A topology that was deployed from [DonutFiles]. Owned by the thread that runs the lab.
public final class DeployedNetwork implements LiveNetwork {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(30);

  private final Topology topology;
  private final LabRuntime runtime;
  private final LabRecord lab;

  DeployedNetwork(Topology topology, LabRuntime runtime, LabRecord lab) {
    this.topology = topology;
    this.runtime = runtime;
    this.lab = lab;
  }

  @Override
  public Topology topology() {
    return topology;
  }

  @Override
  public Namespace namespace(String node) {
    return new Namespace(lab.node(node).namespace());
  }

  @Override
  public Namespace wire() {
    return new Namespace(Plan.wireNamespace(lab.lab()));
  }

  @Override
  public Cuts cuts() {
    return new Cuts(cuttable(), lab.faults());
  }

  /// What is cut in it.
  public Faults faults() {
    return lab.faults();
  }

  /// This network as cuts see it.
  public Cuttable cuttable() {
    return new CuttableLab(runtime, lab);
  }

  @Override
  public String canary(Link link) {
    return new Wire(lab.link(link.name()).number()).canary();
  }

  /// Takes one of our routers off the management network: its agent and the controller do not hear
  /// each other.
  public void partition(String router) {
    Wiring.managementPort(lab, lab.node(router), "down");
  }

  /// Undoes [#partition].
  public void rejoin(String router) {
    Wiring.managementPort(lab, lab.node(router), "up");
  }

  /// What a node sends on the management network is lost from now on, what others send it arrives.
  public void mute(String node) {
    host().tc(Wire.muted(managementPort(node)));
  }

  /// Undoes [#mute].
  public void unmute(String node) {
    host().tc(Wire.unmuted(managementPort(node)));
  }

  private Namespace host() {
    return new Namespace(Plan.hostNamespace(lab.lab()));
  }

  private String managementPort(String node) {
    return Wiring.managementPort(lab, lab.node(node))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "node: '" + node + "' (expected: a router of ours or the controller)"));
  }

  /// What a command in a node writes. Throws LabException unless it exits with 0.
  String ask(String node, List<String> command) {
    LabRuntime.ExecResult result = runtime.exec(lab, lab.node(node), command, ASK_LIMIT);
    if (result.exitCode() != 0) {
      throw new LabException(
          "%s: %s: exit %d: %s%s"
              .formatted(
                  node,
                  String.join(" ", command),
                  result.exitCode(),
                  result.output(),
                  result.errors()));
    }
    return result.output();
  }
}
