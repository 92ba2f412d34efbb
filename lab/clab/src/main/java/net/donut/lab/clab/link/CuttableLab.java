package net.donut.lab.clab.link;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.donut.lab.clab.parse.ShellWords;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.impair.Calibration;
import net.donut.lab.impair.RelayProcess;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Cuts;
import net.donut.lab.net.Cuttable;
import net.donut.lab.net.Emulation;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.Impairments;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabWire;
import net.donut.lab.net.Namespace;

/// A deployed lab as cuts see it. Owned by the thread that runs the command.
public final class CuttableLab implements Cuttable {
  private static final Duration EXEC_LIMIT = Duration.ofMinutes(2);

  private final LabRuntime runtime;
  private final LabRecord lab;

  public CuttableLab(LabRuntime runtime, LabRecord lab) {
    this.runtime = runtime;
    this.lab = lab;
  }

  /// What cuts this lab.
  public Cuts cuts() {
    return new Cuts(this, lab.faults());
  }

  /// What impairs its links, with relays that outlive this program.
  public Impairments impairments() {
    return impairments(new RelayProcess(LabRecord.directoryOf(lab.lab())));
  }

  Impairments impairments(Impairments.Relays relays) {
    return new Impairments(this, lab.faults(), relays);
  }

  /// Impairs what a plan says, and finds out what came of it. Throws LabException when this machine
  /// lacks the means.
  public List<CalibratedLink> impair(Plan plan) {
    return impairUnmeasured(plan).stream().map(link -> calibrate(link.name())).toList();
  }

  /// Impairs what a plan says, and returns those links.
  public List<Plan.Link> impairUnmeasured(Plan plan) {
    List<Plan.Link> links =
        plan.links().stream()
            .filter(link -> !link.definition().impairment().equals(Impairment.NONE))
            .toList();
    Impairments impairments = impairments();
    links.forEach(link -> impairments.impair(link.name(), link.definition().impairment()));
    return links;
  }

  /// Sends frames over a link that is impaired, or a wire, to find out how it is.
  public CalibratedLink calibrate(String name) {
    LabRecord.Link link = requireMeasurable(name);
    Emulation emulation = lab.faults().emulations().get(link.name());
    Impairment asked = emulation == null ? Impairment.NONE : emulation.asked();
    return new CalibratedLink(
        link,
        asked,
        emulation == null ? "" : emulation.means(),
        Calibration.measure(end(link.a()), end(link.b()), asked));
  }

  /// A link whose two ends can send to each other. Throws LabException for one that leads out of
  /// the lab.
  public LabRecord.Link requireMeasurable(String name) {
    LabRecord.Link link = link(name);
    if (link.isOutside()) {
      throw new LabException(
          "link " + link.name() + " leads out of the lab: nobody measures what arrives there");
    }
    return link;
  }

  private static Calibration.End end(LabRecord.End end) {
    return new Calibration.End(new Namespace(end.namespace()), end.device(), end.mac());
  }

  @Override
  public Namespace wire() {
    return new Namespace(Plan.wireNamespace(lab.lab()));
  }

  @Override
  public List<Cable> cables() {
    return lab.links().stream().filter(link -> !link.isDummy()).map(CuttableLab::cable).toList();
  }

  private static Cable cable(LabRecord.Link link) {
    return new Cable(link.name(), new LabWire(link.number()), link.a().node(), link.b().node());
  }

  @Override
  public Cable cable(String name) {
    return cable(link(name));
  }

  /// A link that is a wire, by a name that [LabRecord#link] knows.
  private LabRecord.Link link(String name) {
    LabRecord.Link link = lab.link(name);
    if (link.isDummy()) {
      throw new LabException("link " + link.name() + " leads to nothing: it has no wire to change");
    }
    return link;
  }

  @Override
  public List<Cable> cablesOf(String name) {
    return lab.isBridge(name)
        ? cables().stream()
            .filter(cable -> cable.a().equals(name) || cable.b().equals(name))
            .toList()
        : List.of(cable(name));
  }

  @Override
  public List<String> guests(String target) {
    return lab.isBridge(target) ? cablesOf(target).stream().map(Cable::name).toList() : List.of();
  }

  @Override
  public String node(String name) {
    return lab.isBridge(name) ? name : lab.node(name).name();
  }

  @Override
  public String target(String name) {
    boolean isNode =
        lab.nodes().stream()
            .flatMap(node -> Stream.of(node.name(), node.container()))
            .anyMatch(name::equals);
    return isNode || lab.isBridge(name) ? node(name) : cable(name).name();
  }

  @Override
  public void shut(Cable cable) {
    shutInterface(cable).shut();
  }

  @Override
  public void reopen(Cable cable) {
    shutInterface(cable).reopen();
  }

  private ShutInterface shutInterface(Cable cable) {
    LabRecord.Link link = link(cable.name());
    LabRecord.End end = link.isOutside() ? link.a() : link.b();
    return new ShutInterface(
        new Namespace(end.namespace()),
        end.device(),
        LabRecord.directoryOf(lab.lab()).resolve("shut-" + link.number()));
  }

  /// Throws LabException for a container that others started: it is theirs to end and to stop.
  @Override
  public boolean isRunning(String node) {
    if (lab.isBridge(node)) {
      return true;
    }
    if (lab.node(node).isExternal()) {
      throw new LabException(
          "node '%s' is a container that others started (expected: one of the lab's): cut its links"
                  .formatted(node)
              + " instead");
    }
    return !(runtime.state(lab, lab.node(node)) instanceof LabRuntime.NodeState.Absent);
  }

  @Override
  public void kill(String node) {
    if (lab.isBridge(node)) {
      setBridge(node, "down");
    } else {
      runtime.kill(lab, lab.node(node));
    }
  }

  private void setBridge(String bridge, String state) {
    new Namespace(Plan.hostNamespace(lab.lab()))
        .ip(List.of("link set dev " + bridge + " " + state));
  }

  /// What the node's `exec` lines set up in its network is still there: that they cannot do it once
  /// more is no mistake.
  @Override
  public void revive(String node) {
    if (lab.isBridge(node)) {
      setBridge(node, "up");
      return;
    }
    LabRecord.Node record = lab.node(node);
    runtime.restart(lab, record);
    record.exec().forEach(line -> runtime.exec(lab, record, ShellWords.of(line), EXEC_LIMIT));
  }

  @Override
  public void freeze(String node) {
    runtime.freeze(lab, lab.node(node));
  }

  @Override
  public void require(String node, Cut.OfNode how) {
    if (how == Cut.OfNode.NODE_FREEZE && lab.isBridge(node)) {
      throw new LabException(
          "node '"
              + node
              + "' is a bridge, whose kernel would forward on (expected: node-kill, or the cut of a"
              + " link such as silent or brown-out, for all of its links)");
    }
  }

  @Override
  public void thaw(String node) {
    runtime.thaw(lab, lab.node(node));
  }
}
