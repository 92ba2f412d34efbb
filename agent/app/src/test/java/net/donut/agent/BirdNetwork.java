package net.donut.agent;

import java.util.ArrayList;
import java.util.List;
import net.donut.agent.fib.TestNamespace;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.Neighbor;
import net.donut.netlink.NetworkNamespace;

/// A namespace for an agent and one for a BIRD beside it, with the link between them; other
/// neighbors on links of their own; and whatever a test keeps open there.
final class BirdNetwork {
  static final String NEIGHBOR = "bird/ipv4";

  final TestNamespace here = new TestNamespace();
  final TestNamespace there = new TestNamespace();
  final NetworkNamespace namespace = NetworkNamespace.open(here.path());
  private final List<AutoCloseable> open = new ArrayList<>();

  BirdNetwork() {
    here.connect("bird", there, "agent");
    here.ip("addr add 100.64.1.1/30 dev bird");
    there.ip("addr add 100.64.1.2/30 dev agent");
  }

  /// A namespace for another neighbor, at 100.64.NUMBER.2 on a link of this name; its own end is
  /// called `agent`.
  TestNamespace connect(String link, int number) {
    TestNamespace neighbor = keep(new TestNamespace());
    here.connect(link, neighbor, "agent");
    here.ip("addr add 100.64." + number + ".1/30 dev " + link);
    neighbor.ip("addr add 100.64." + number + ".2/30 dev agent");
    return neighbor;
  }

  /// The kernel next hops that have buckets of a kernel group, such as `1200000001`, in order.
  List<String> carrying(int group) {
    return here.ip("nexthop bucket show id " + group)
        .lines()
        .map(line -> line.trim().substring(line.trim().lastIndexOf(' ') + 1))
        .distinct()
        .sorted()
        .toList();
  }

  /// Closes a part with the network, the youngest first.
  <T extends AutoCloseable> T keep(T part) {
    open.add(part);
    return part;
  }

  /// What the controller of the agent says of BIRD.
  static ConfigureRequest configuration() {
    return ConfigureRequest.newBuilder()
        .setGeneration(5)
        .setLocalAs(64500)
        .setRouterId("10.0.0.1")
        .addNeighbors(neighbor(NEIGHBOR, "bird", 1))
        .build();
  }

  /// A neighbor of AS 64600 + NUMBER at 100.64.NUMBER.2.
  static Neighbor.Builder neighbor(String name, String link, int number) {
    return Neighbor.newBuilder()
        .setName(name)
        .setAddress("100.64." + number + ".2")
        .setLocalAddress("100.64." + number + ".1")
        .setInterface(link)
        .setRemoteAs(64600 + number)
        .setHoldTimeSeconds(90)
        .addFamilies(Family.FAMILY_IPV4);
  }

  /// Ends everything; the first refusal is thrown.
  void end() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
    namespace.close();
    here.close();
    there.close();
  }
}
