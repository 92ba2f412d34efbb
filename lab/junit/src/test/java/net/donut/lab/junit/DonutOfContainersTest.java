package net.donut.lab.junit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The donut network of the story as containers: two of our routers between Tier 2 peers, with
/// transit inside.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
@NeedsDocker
class DonutOfContainersTest {
  private static final String REACH_CONTENT = "ping -c 1 -W 1 203.0.113.10";
  private static final String ARRIVED = " 0% packet loss";
  private static final String WAY_TO_VIEWERS = "ip route get 192.0.2.10";

  @RegisterExtension
  static final ContainerlabExtension LAB =
      ContainerlabExtension.inContainers(
              Path.of(
                  System.getProperty("donut.root", ".."), "lab", "topologies", "story", "donut"))
          .within(Duration.ofSeconds(90));

  @Test
  void viewers_are_reached_directly_and_by_transit_while_their_provider_is_cut_off() {
    LAB.awaitOutput("ctl", "donut status", "converged", " 0 holes");
    LAB.awaitRoute("edge2", "192.0.2.0/24", "proto 64");
    LAB.awaitOutput("edge1", WAY_TO_VIEWERS, "dev bba");
    LAB.awaitOutput("viewers-a", REACH_CONTENT, ARRIVED);
    LAB.awaitOutput("viewers-far", REACH_CONTENT, ARRIVED);

    try (var _ = LAB.cut("edge1:bba");
        var _ = LAB.cut("edge2:bba")) {
      LAB.awaitOutput("edge1", WAY_TO_VIEWERS, "dev tier1a");
      LAB.awaitOutput("viewers-a", REACH_CONTENT, ARRIVED);
    }

    LAB.awaitOutput("edge1", WAY_TO_VIEWERS, "dev bba");
    LAB.awaitOutput("viewers-a", REACH_CONTENT, ARRIVED);
  }
}
