package net.donut.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsKernel
class NetworkNamespaceTest {
  @RegisterExtension final TestNetwork network = new TestNetwork();

  private static String currentIdentity() {
    try (NetworkNamespace current = NetworkNamespace.current()) {
      return current.identity();
    }
  }

  @Test
  void work_runs_inside_and_the_caller_stays_outside() {
    String before = currentIdentity();

    String inside = network.namespace().call(NetworkNamespaceTest::currentIdentity);

    assertThat(inside).isEqualTo(network.namespace().identity()).isNotEqualTo(before);
    assertThat(currentIdentity()).isEqualTo(before);
  }

  @Test
  void threads_of_the_factory_live_inside() throws Exception {
    FutureTask<String> task = new FutureTask<>(NetworkNamespaceTest::currentIdentity);

    Thread thread = network.namespace().threadFactory("lab").newThread(task);
    thread.start();

    assertThat(task.get(10, TimeUnit.SECONDS)).isEqualTo(network.namespace().identity());
    assertThat(thread.getName()).isEqualTo("lab-1");
  }

  @Test
  void what_the_work_throws_is_thrown_to_the_caller() {
    NetworkNamespace namespace = network.namespace();

    assertThatThrownBy(() ->
            namespace.run(() -> {
              throw new IOException("of the work");
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("of the work");
  }

  @Test
  void a_missing_namespace_is_named() {
    assertThatThrownBy(() -> NetworkNamespace.open("donut-nl-none"))
        .isInstanceOf(NetlinkException.class)
        .hasMessage("open network namespace /run/netns/donut-nl-none: ENOENT (errno 2)");
  }

  @Test
  void a_virtual_thread_cannot_enter() throws Exception {
    NetworkNamespace namespace = network.namespace();
    FutureTask<Void> task =
        new FutureTask<>(() -> {
          namespace.enter();
          return null;
        });

    Thread.ofVirtual().start(task);

    assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_setting_is_verified_inside_and_unchanged_outside() {
    String outside = Sysctl.read(Sysctl.NEXTHOP_COMPAT_MODE);

    Sysctl.Outcome outcome =
        network.namespace().call(() -> Sysctl.ensure(Sysctl.NEXTHOP_COMPAT_MODE, "0"));
    Sysctl.Outcome again =
        network.namespace().call(() -> Sysctl.ensure(Sysctl.NEXTHOP_COMPAT_MODE, "0"));

    assertThat(outcome)
        .isEqualTo(new Sysctl.Outcome.Verified(Sysctl.NEXTHOP_COMPAT_MODE, "0", "1"));
    assertThat(again).isEqualTo(new Sysctl.Outcome.Verified(Sysctl.NEXTHOP_COMPAT_MODE, "0", "0"));
    assertThat(Sysctl.read(Sysctl.NEXTHOP_COMPAT_MODE)).isEqualTo(outside);
  }

  @Test
  void every_named_setting_exists_and_can_be_set() {
    network
        .namespace()
        .run(() -> {
          assertVerified(Sysctl.FIB_MULTIPATH_HASH_POLICY, "1");
          assertVerified(Sysctl.IPV6_FIB_MULTIPATH_HASH_POLICY, "1");
          assertVerified(Sysctl.IGNORE_ROUTES_WITH_LINKDOWN, "1");
          assertVerified(Sysctl.IGNORE_IPV6_ROUTES_WITH_LINKDOWN, "1");
          assertVerified(Sysctl.FORWARDING, "1");
          assertVerified(Sysctl.IPV6_FORWARDING, "1");
        });
  }

  @Test
  void the_machine_wide_memory_bound_is_read_outside_and_refused_inside() {
    assertThat(Long.parseLong(Sysctl.read(Sysctl.FIB_SYNC_MEM))).isPositive();

    Sysctl.Outcome inside =
        network.namespace().call(() -> Sysctl.ensure(Sysctl.FIB_SYNC_MEM, "16777216"));

    assertThat(inside).isInstanceOf(Sysctl.Outcome.Refused.class);
  }

  private static void assertVerified(String name, String value) {
    assertThat(Sysctl.ensure(name, value)).isInstanceOf(Sysctl.Outcome.Verified.class);
  }

  @Test
  void a_setting_that_is_not_there_or_not_taken_is_refused_with_a_reason() {
    network
        .namespace()
        .run(() -> {
          assertThat(Sysctl.ensure("net.ipv4.no_such_thing", "1"))
              .isEqualTo(
                  new Sysctl.Outcome.Refused(
                      "net.ipv4.no_such_thing",
                      "1",
                      "",
                      "sysctl net.ipv4.no_such_thing: no such setting in this kernel"));
          assertThat(Sysctl.ensure(Sysctl.NEXTHOP_COMPAT_MODE, "7"))
              .isInstanceOfSatisfying(
                  Sysctl.Outcome.Refused.class,
                  refused ->
                      assertThat(refused.message())
                          .startsWith("sysctl net.ipv4.nexthop_compat_mode: 1 (expected: 7): "));
        });
  }
}
