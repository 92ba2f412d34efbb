package net.donut.lab.net;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabNode;

/// The demo's network as cuts see it. Owned by the thread that runs the lab or the command.
final class CuttableNetwork implements Cuttable {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final LabNetwork network;
  private final LabState state;

  CuttableNetwork(LabNetwork network, LabState state) {
    this.network = network;
    this.state = state;
  }

  @Override
  public Namespace wire() {
    return network.wire();
  }

  @Override
  public List<Cable> cables() {
    return network.topology().links().stream().map(this::cable).toList();
  }

  private Cable cable(LabLink link) {
    return new Cable(link.name(), network.wire(link), link.a().node(), link.b().node());
  }

  @Override
  public Cable cable(String name) {
    return cable(network.topology().link(name));
  }

  @Override
  public String node(String name) {
    return network.topology().node(name).name();
  }

  @Override
  public String target(String name) {
    List<String> names = new ArrayList<>();
    network.topology().links().forEach(link -> names.add(link.name()));
    network.topology().nodes().forEach(node -> names.add(node.name()));
    if (!names.contains(name)) {
      throw new IllegalArgumentException(
          "link or node: '" + name + "' (expected one of: " + String.join(", ", names) + ")");
    }
    return name;
  }

  @Override
  public void shut(Cable cable) {
    LabLink.End end = administrated(network.topology().link(cable.name()));
    network.namespace(end.node()).ip(List.of("link set " + end.device() + " down"));
  }

  @Override
  public void reopen(Cable cable) {
    LabLink link = network.topology().link(cable.name());
    LabLink.End end = administrated(link);
    network.namespace(end.node()).ip(network.bringUp(link, end));
  }

  /// The end that is set down: never a router of ours where the other end is somebody else.
  private LabLink.End administrated(LabLink link) {
    boolean oursIsSecond = isOurs(link.b()) && !isOurs(link.a());
    return oursIsSecond ? link.a() : link.b();
  }

  private boolean isOurs(LabLink.End end) {
    return network.topology().node(end.node()) instanceof LabNode.Edge;
  }

  @Override
  public boolean isRunning(String node) {
    return !network.namespace(node).processes().isEmpty();
  }

  @Override
  public void kill(String node) {
    management(node, "down");
    Namespace namespace = network.namespace(node);
    Pause.until(
        "processes of " + node + " end",
        LIMIT,
        () -> {
          namespace.signal("KILL");
          return namespace.processes().isEmpty();
        });
  }

  @Override
  public void revive(String node) {
    management(node, "up");
    Namespace namespace = network.namespace(node);
    state.programs().stream()
        .filter(program -> program.namespace().equals(namespace))
        .filter(program -> !program.isAlive())
        .forEach(program -> program.again(state));
  }

  private void management(String node, String change) {
    network
        .managementPort(network.topology().node(node))
        .ifPresent(port -> network.wire().ip(List.of("link set " + port + " " + change)));
  }

  @Override
  public void freeze(String node) {
    network.namespace(node).signal("STOP");
  }

  @Override
  public void thaw(String node) {
    network.namespace(node).signal("CONT");
  }
}
