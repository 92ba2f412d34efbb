package net.donut.lab.clab.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabWire;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.netlink.NetworkNamespace;
import net.donut.netlink.TransmitOffload;

/// The network of a lab, the same whatever its nodes are: links through the wire namespace, bridges
/// and management in the host namespace. Has no state: the thread that deploys or destroys calls
/// it.
public final class Wiring {
  private static final List<String> IPV6_ON =
      List.of("ipv6/conf/all/disable_ipv6=0", "ipv6/conf/default/disable_ipv6=0");

  /// As in a container of Docker's on a host that containerlab has prepared.
  private static final List<String> NODE_SYSCTLS =
      List.of(
          "ipv4/ip_forward=1",
          "ipv4/conf/all/rp_filter=0",
          "ipv4/conf/default/rp_filter=0",
          IPV6_ON.getFirst(),
          IPV6_ON.getLast());

  /// Carries the loss of carrier from one end of a link to the other, which a plain veth does by
  /// itself. It leaves alone what is down because of a cut: only ends that are up count. LOWER_UP
  /// is the carrier; NO-CARRIER is shown for a moment also of an end that was set up and has one.
  private static final String CARRIER =
      """
      ip -o monitor link | while read -r index name flags rest; do
        name=${name%:}
        name=${name%%@*}
        case $name in
          w*a) peer=${name%a}b ;;
          w*b) peer=${name%b}a ;;
          *) continue ;;
        esac
        case $flags in
          *[,\\<]UP[,\\>]*) ;;
          *) continue ;;
        esac
        case $flags in
          *LOWER_UP*)
            if eval "[ -n \\"\\${held_$peer:-}\\" ]"; then
              ip link set "$peer" up && eval "held_$peer="
            fi
            ;;
          *)
            if eval "[ -z \\"\\${held_$name:-}\\" ]"; then
              ip link set "$peer" down 2>/dev/null && eval "held_$peer=1"
            fi
            ;;
        esac
      done
      """;

  private Wiring() {}

  /// Makes named namespaces.
  public static void add(List<String> namespaces) {
    StringBuilder lines = new StringBuilder();
    namespaces.forEach(name -> lines.append("netns add ").append(name).append('\n'));
    Command.run(List.of("ip", "-batch", "-"), lines.toString());
  }

  /// Makes everything between namespaces that are there, every interface up and with carrier.
  /// Throws LabException when the machine refuses or a link does not stand.
  public static void connect(Plan plan) {
    Namespace wire = new Namespace(plan.wireNamespace());
    Wires wires = new Wires(plan);
    // No address of any family on a wire end: nothing of the wire namespace may speak on a link.
    wire.sysctl(List.of("ipv6/conf/default/disable_ipv6=1", "ipv4/ip_forward=0"));
    List<String> outside = wires.outside();
    if (!outside.isEmpty()) {
      Command.run(List.of("ip", "-batch", "-"), String.join("\n", outside) + "\n");
    }
    wire.ip(wires.pairs());
    wire.tc(wires.redirects());
    Namespace host = new Namespace(plan.hostNamespace());
    // A container's network has IPv6 off, and a node may have made this one (network-mode: host).
    host.sysctl(IPV6_ON);
    host.ip(wires.host());
    for (Plan.Node node : plan.nodes()) {
      Namespace namespace = new Namespace(node.namespace());
      if (!plan.isExternal(node.namespace())) {
        namespace.sysctl(NODE_SYSCTLS);
      }
      namespace.ip(wires.node(node));
    }
    offloadsOff(plan);
    requireCarrier(plan);
    startCarrierWatch(plan);
  }

  /// Checksums are computed where a packet is sent, as on a real wire, so that captures and relays
  /// see packets that are whole.
  private static void offloadsOff(Plan plan) {
    Map<String, List<String>> devices = new LinkedHashMap<>();
    for (Plan.Link link : plan.links()) {
      link.ends()
          .forEach(end ->
              devices.computeIfAbsent(end.namespace(), _ -> new ArrayList<>()).add(end.device()));
    }
    devices.forEach((name, inside) -> {
      try (NetworkNamespace namespace = NetworkNamespace.open(name)) {
        namespace.run(() -> inside.forEach(TransmitOffload::turnOff));
      }
    });
  }

  private static void requireCarrier(Plan plan) {
    String[] links = Command.run("ip", "-n", plan.wireNamespace(), "-o", "link").split("\n");
    List<String> dead = new ArrayList<>();
    for (Plan.Link link : plan.links()) {
      LabWire wire = new LabWire(link.number());
      for (Plan.End end : link.ends()) {
        String port = " " + (end.equals(link.a()) ? wire.a() : wire.b()) + "@";
        boolean up =
            Stream.of(links).anyMatch(line -> line.contains(port) && line.contains("LOWER_UP"));
        if (!up) {
          dead.add(end + " of " + link.name());
        }
      }
    }
    if (!dead.isEmpty()) {
      throw new LabException("no carrier at " + String.join(", ", dead) + " (expected: at both)");
    }
  }

  private static void startCarrierWatch(Plan plan) {
    Path directory = LabRecord.directoryOf(plan.lab());
    Command.detached(
        new Namespace(plan.wireNamespace())
            .inside(List.of("nice", "-n", "10", "sh", "-c", CARRIER)),
        Map.of(),
        directory.resolve("carrier.log"));
  }

  /// Sets the host's end of a node's management interface up or down.
  public static void managementPort(LabRecord lab, LabRecord.Node node, String change) {
    managementPort(lab, node)
        .ifPresent(port ->
            new Namespace(Plan.hostNamespace(lab.lab()))
                .ip(List.of("link set " + port + " " + change)));
  }

  /// The host's end of a node's management interface, in the host namespace.
  public static Optional<String> managementPort(LabRecord lab, LabRecord.Node node) {
    List<LabRecord.Node> managed =
        lab.nodes().stream().filter(other -> !other.ipv4().isEmpty()).toList();
    int number = managed.indexOf(node);
    return number < 0 ? Optional.empty() : Optional.of(Wires.managementPort(number));
  }

  /// Ends every process inside the namespaces of a lab and deletes them; networks of others only
  /// lose the lab's interfaces. What is gone already is fine.
  public static void remove(LabRecord lab) {
    letGo(lab);
    List<String> there =
        lab.namespaces().stream()
            .filter(name -> Files.exists(Path.of("/run/netns", name)))
            .toList();
    endAll(there);
    StringBuilder lines = new StringBuilder();
    there.forEach(name -> lines.append("netns del ").append(name).append('\n'));
    Command.tryRun(List.of("ip", "-force", "-batch", "-"), lines.toString());
  }

  /// Takes a lab's interfaces out of networks that are not its own, and their names away. It
  /// deletes the wire ends: an interface of the same name that is not the lab's stays.
  private static void letGo(LabRecord lab) {
    StringBuilder ends = new StringBuilder();
    StringBuilder names = new StringBuilder();
    for (String namespace : lab.borrowed()) {
      for (LabRecord.Link link : lab.links()) {
        LabWire wire = new LabWire(link.number());
        if (link.a().namespace().equals(namespace)) {
          ends.append("link del dev ").append(wire.a()).append('\n');
        }
        if (link.b().namespace().equals(namespace)) {
          ends.append("link del dev ").append(wire.b()).append('\n');
        }
      }
      names.append("netns del ").append(namespace).append('\n');
    }
    String wires = Plan.wireNamespace(lab.lab());
    Command.tryRun(List.of("ip", "-n", wires, "-force", "-batch", "-"), ends.toString());
    Command.tryRun(List.of("ip", "-force", "-batch", "-"), names.toString());
  }

  /// Ends every process inside namespaces; new ones may appear while the old ones end.
  private static void endAll(List<String> namespaces) {
    Set<String> identities = new LinkedHashSet<>();
    for (String name : namespaces) {
      try {
        identities.add("net:[" + Files.getAttribute(Path.of("/run/netns", name), "unix:ino") + "]");
      } catch (IOException e) {
        throw LabException.of("/run/netns/" + name, e);
      }
    }
    Pause.until(
        "the processes of the lab to end",
        Duration.ofSeconds(20),
        () -> {
          List<ProcessHandle> inside =
              ProcessHandle.allProcesses()
                  .filter(process -> identities.contains(networkNamespace(process.pid())))
                  .toList();
          inside.forEach(ProcessHandle::destroyForcibly);
          return inside.isEmpty();
        });
  }

  private static String networkNamespace(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", "net")).toString();
    } catch (IOException e) {
      // The process has ended, or ends: it has no namespaces any more.
      return "";
    }
  }
}
