package net.donut.agent.fib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.IpAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Gateways are known to the kernel before any packet needs them; nobody sends any here.
@NeedsKernel
class GatewayResolutionTest {
  private static final List<String> LINKS = List.of("left", "right", "third");

  private TestRouter router;

  @SuppressWarnings("NullAway.Init")
  GatewayResolutionTest() {}

  @BeforeEach
  void start() throws InterruptedException {
    router = new TestRouter();
  }

  @AfterEach
  void stop() {
    router.close();
  }

  private void chain(int base, String gateway) throws InterruptedException {
    for (int i = 1; i <= 3; i++) {
      router.gateway(base + i, IpAddress.parse(gateway.formatted(i)), LINKS.get(i - 1));
    }
    router.group(base + 3, 0, base + 3);
    router.group(base + 2, base + 3, base + 2);
    router.group(base + 1, base + 2, base + 1);
  }

  private static String gateway(int family, int number) {
    return family == 4 ? "10.0." + number + ".2" : "fd00:" + number + "::2";
  }

  /// The kernel's entry of a gateway; empty when there is none.
  private String entry(String gateway, String link) {
    return router.ip("neigh show to " + gateway + " dev " + link + " nud all").strip();
  }

  private boolean isKnown(String gateway, String link) {
    return entry(gateway, link).matches(".*lladdr [0-9a-f:]{17}.* managed .*");
  }

  private void untilKnown(String gateway, String link) {
    Eventually.until(gateway, () -> entry(gateway, link), () -> isKnown(gateway, link));
  }

  @Test
  void every_gateway_is_known_whether_primary_or_backup() throws InterruptedException {
    chain(0, "10.0.%d.2");
    chain(10, "fd00:%d::2");

    for (int number = 1; number <= 3; number++) {
      untilKnown(gateway(4, number), LINKS.get(number - 1));
      untilKnown(gateway(6, number), LINKS.get(number - 1));
    }
  }

  @Test
  void a_gateway_that_begins_to_answer_later_becomes_known_by_itself() throws InterruptedException {
    router.gateway(1, IpAddress.parse("10.0.2.77"), "right");
    Eventually.until(
        "asked for in vain",
        () -> entry("10.0.2.77", "right"),
        () -> entry("10.0.2.77", "right").contains("FAILED"));

    router.neighbor("right").ip("addr add 10.0.2.77/24 dev router");

    untilKnown("10.0.2.77", "right");
  }

  @Test
  void a_backup_whose_link_was_away_is_known_again() throws InterruptedException {
    chain(0, "10.0.%d.2");
    chain(10, "fd00:%d::2");
    untilKnown(gateway(6, 2), "right");
    router.cutRight();
    Eventually.until("heard", () -> router.life(12) == FibHop.Life.DOWN);

    router.restoreRight();

    untilKnown(gateway(4, 2), "right");
    untilKnown(gateway(6, 2), "right");
  }

  @Test
  void the_entry_of_a_gateway_goes_with_its_last_next_hop() throws InterruptedException {
    router.gateway(1, TestRouter.LEFT, "left");
    router.gateway(2, TestRouter.LEFT, "left");
    untilKnown(gateway(4, 1), "left");

    router.gateway(1, TestRouter.RIGHT, "right");
    assertThat(isKnown(gateway(4, 1), "left")).isTrue();
    router.gateway(2, TestRouter.RIGHT, "right");

    assertThat(entry(gateway(4, 1), "left")).doesNotContain("managed");
  }

  @Test
  void an_entry_that_somebody_deleted_is_put_back() throws InterruptedException {
    chain(0, "10.0.%d.2");
    untilKnown(gateway(4, 2), "right");

    router.ip("neigh del " + gateway(4, 2) + " dev right");

    untilKnown(gateway(4, 2), "right");
  }
}
