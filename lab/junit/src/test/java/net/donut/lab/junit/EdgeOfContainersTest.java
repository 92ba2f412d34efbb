package net.donut.lab.junit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import net.donut.lab.net.Cut;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Agent and controller as containers between a transit of FRR and a peer of BIRD.
@Timeout(value = 150, unit = TimeUnit.SECONDS)
@NeedsDocker
class EdgeOfContainersTest {
  private static final String FAR = "203.0.113.0/24";
  private static final String REACH_FAR = "ping -c 1 -W 1 203.0.113.1";
  private static final String ARRIVED = " 0% packet loss";

  @RegisterExtension
  static final ContainerlabExtension LAB =
      ContainerlabExtension.inContainers(
              Path.of(System.getProperty("donut.root", ".."), "lab", "topologies", "edge"))
          .within(Duration.ofSeconds(45));

  @Test
  void traffic_goes_to_the_peer_and_by_the_transit_while_the_peer_is_cut_off() {
    LAB.awaitRoute("peer", "198.51.100.0/24", "via 10.1.2.1");
    LAB.awaitRoute("transit", "198.51.100.0/24", "via 10.1.1.1");
    LAB.awaitRoute("edge", FAR, "proto 64");
    LAB.awaitOutput("user", REACH_FAR, ARRIVED);

    try (var _ = LAB.cut("edge:peer")) {
      LAB.awaitOutput("user", REACH_FAR, ARRIVED);
      LAB.awaitOutput("edge", "ip route get 203.0.113.1", "via 10.1.1.2 dev eth1");
    }

    LAB.awaitOutput("edge", "ip route get 203.0.113.1", "via 10.1.2.2 dev eth2");
    LAB.awaitOutput("user", REACH_FAR, ARRIVED);
  }

  @Test
  void routes_stay_while_the_controller_is_gone() {
    LAB.awaitRoute("edge", FAR, "proto 64");

    try (var _ = LAB.cut("controller", Cut.OfNode.NODE_KILL)) {
      LAB.awaitOutput("user", REACH_FAR, ARRIVED);
    }

    LAB.awaitOutput("controller", "donut status", "converged");
  }
}
