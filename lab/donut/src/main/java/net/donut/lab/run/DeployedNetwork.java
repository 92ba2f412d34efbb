package net.donut.lab.run;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.link.CuttableLab;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.plan.Images;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.plan.Planner;
import net.donut.lab.clab.run.Deployment;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.clab.run.Labs;
import net.donut.lab.clab.wiring.Wiring;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.Cuttable;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabFaults;
import net.donut.lab.net.LabWire;
import net.donut.lab.net.LiveNetwork;
import net.donut.lab.net.Namespace;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.Topology;

/// A topology that was deployed from [DonutFiles]. Owned by the thread that runs the lab.
public final class DeployedNetwork implements LiveNetwork {
  private static final String ASNS = "asns";
  private static final Duration ASK_LIMIT = Duration.ofSeconds(30);

  private final Topology topology;
  private final LabRuntime runtime;
  private final LabRecord lab;

  DeployedNetwork(Topology topology, LabRuntime runtime, LabRecord lab) {
    this.topology = topology;
    this.runtime = runtime;
    this.lab = lab;
  }

  /// Deploys what was written. Throws LabException when a node's network cannot be set up.
  static DeployedNetwork deploy(DonutFiles files, Narration story) {
    LabRuntime runtime = new PerLabRuntime();
    Map<String, String> environment = Map.of();
    TopologyReader.Purpose purpose =
        new TopologyReader.Purpose("", files.runtime(), TopologyReader.Unsupported.REFUSE);
    Plan plan =
        Planner.plan(
            TopologyReader.read(files.file(), purpose, environment).orThrow(),
            Images.known(),
            files.runtime(),
            environment);
    Deployment.Result outcome =
        Deployment.deploy(runtime, plan, Deployment.Options.STANDARD, _ -> {}, _ -> {});
    // Without the words of the registry that could not be reached.
    outcome.notes().forEach(note -> story.tell(note.replaceFirst(" \\(.*\\)", "")));
    outcome.failures().stream()
        .findFirst()
        .ifPresent(failure -> {
          throw new LabException(
              failure.container()
                  + ": "
                  + String.join(" ", failure.command())
                  + ": "
                  + failure.errors());
        });
    story.tell(
        "%d nodes %s-*, %d links, each through a wire that can be cut: %s"
            .formatted(plan.nodes().size(), plan.lab(), plan.links().size(), files.file()));
    return new DeployedNetwork(files.topology(), runtime, outcome.lab());
  }

  /// Removes what is deployed of a lab; what is gone already is fine.
  public static void destroy(HeldLab state) {
    Labs.destroyIfThere(new PerLabRuntime(), deployedName(state), Labs.Directory.DELETE);
  }

  /// The network of a lab that another process holds up.
  public static DeployedNetwork attach(HeldLab state) {
    return new DeployedNetwork(
        topology(state), new PerLabRuntime(), LabRecord.require(deployedName(state)));
  }

  /// The name of a donut lab among those of containerlab files.
  public static String deployedName(HeldLab state) {
    return DonutFiles.deployedName(state.lab());
  }

  /// Notes what [#attach] needs.
  static void noteTopology(HeldLab state, Topology topology) {
    state.fact(
        ASNS,
        topology
            .networkNodes()
            .map(node -> node.name() + "=" + node.asn())
            .collect(Collectors.joining(" ")));
  }

  private static Topology topology(HeldLab state) {
    Map<String, Long> asns = new HashMap<>();
    for (String pair : state.fact(ASNS).split(" ")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        asns.put(pair.substring(0, equals), Long.valueOf(pair.substring(equals + 1)));
      }
    }
    return DonutTopology.create(asns);
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
  public LabFaults faults() {
    return lab.faults();
  }

  /// This network as cuts see it.
  public Cuttable cuttable() {
    return new CuttableLab(runtime, lab);
  }

  @Override
  public String canary(LabLink link) {
    return new LabWire(lab.link(link.name()).number()).canary();
  }

  /// The programs of its nodes.
  public NodePrograms programs() {
    return new NodePrograms(lab);
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
    host().tc(LabWire.muted(managementPort(node)));
  }

  /// Undoes [#mute].
  public void unmute(String node) {
    host().tc(LabWire.unmuted(managementPort(node)));
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
    return runtime.exec(lab, lab.node(node), command, ASK_LIMIT).orThrow(node);
  }
}
