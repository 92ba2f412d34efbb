package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsPrograms;
import net.donut.lab.clab.DeployedLab;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A router of ours at an exchange of real BIRDs: a member that names a next hop off the LAN, and a
/// route server with a role. Needs root.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
@NeedsPrograms
class ExchangeMemberTest {
  private static final String ROUTES = "donut routes 203.0.113.0/24";

  /// Nobody listens there, and the host behind the transit says so.
  private static final String CONNECT_60_TIMES =
      "timeout 25 bash -c 'n=0; for i in $(seq 60); do"
          + " (exec 3<>/dev/tcp/203.0.113.1/9) 2>&1 | grep -q refused && n=$((n+1)); done;"
          + " echo $n answered'";

  @TempDir private Path directory;

  private DeployedLab deploy() throws URISyntaxException {
    Path file =
        Path.of(
            Objects.requireNonNull(ExchangeMemberTest.class.getResource("member/member.clab.yml"))
                .toURI());
    return DeployedLab.deploy(file, "tmember" + ProcessHandle.current().pid(), directory);
  }

  @Test
  void next_hops_off_the_lan_are_refused_and_a_route_server_with_a_role_keeps_our_routes()
      throws URISyntaxException {
    try (DeployedLab lab = deploy()) {
      // Each wait has 30 s: what the route server passes on of another member, with that member's
      // next
      // hop, then what the other member announces with its own.
      lab.await("edge", "ip route get 198.18.9.1", "via 100.64.9.9 dev eth2");
      lab.await("edge", "ip route get 198.18.5.1", "via 100.64.9.5 dev eth2");
      lab.await(
          "controller",
          ROUTES,
          "refused: third-party-next-hop: 10.9.9.9 (expected: in 100.64.9.0/24 on eth2)");
      lab.await("edge", "ip route get 203.0.113.1", "via 10.1.1.2 dev eth1");
      lab.await("user", CONNECT_60_TIMES, "60 answered");

      lab.await("rs", "birdc show route all protocol edge", "198.51.100.0/24", "64500");
      assertThat(lab.exec("rs", "birdc show route all protocol edge").output())
          .doesNotContain("otc");
    }
  }
}
