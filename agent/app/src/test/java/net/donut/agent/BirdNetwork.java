package net.donut.agent;

import java.util.ArrayList;
import java.util.List;
import net.donut.agent.fib.TestNamespace;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.Neighbor;
import net.donut.netlink.NetworkNamespace;

/// A namespace for an agent and one for a BIRD beside it, with the link between them; and whatever
/// a test keeps open there.
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
        .addNeighbors(
            Neighbor.newBuilder()
                .setName(NEIGHBOR)
                .setAddress("100.64.1.2")
                .setLocalAddress("100.64.1.1")
                .setInterface("bird")
                .setRemoteAs(64601)
                .setHoldTimeSeconds(90)
                .addFamilies(Family.FAMILY_IPV4))
        .build();
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
