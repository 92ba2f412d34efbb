package net.donut.agent.fib;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.ReturnHolds;
import org.jspecify.annotations.Nullable;

/// A router in a namespace with three neighbors on links of their own, and a FIB that can be
/// restarted.
///
/// `left` has 10.0.1.2 and fd00:1::2, `right` 10.0.2.2 and fd00:2::2, `third` 10.0.3.2 and
/// fd00:3::2; the router has .1 and ::1. IPv6 addresses are usable at once, without duplicate
/// address detection.
final class TestRouter implements AutoCloseable {
  static final IpAddress LEFT = IpAddress.parse("10.0.1.2");
  static final IpAddress RIGHT = IpAddress.parse("10.0.2.2");
  static final IpAddress THIRD = IpAddress.parse("10.0.3.2");
  static final Duration HOLD = Duration.ofMillis(400);

  private final TestNamespace router = new TestNamespace();
  private final TestNamespace left = new TestNamespace();
  private final TestNamespace right = new TestNamespace();
  private final TestNamespace third = new TestNamespace();
  private final List<FibEvent> events = new CopyOnWriteArrayList<>();
  private Map<Long, FibHop> hops = new HashMap<>();
  private final FibOptions.Kernel kernel;
  private Map<Long, Group> groups = new HashMap<>();
  private Fib fib;

  TestRouter() throws InterruptedException {
    this(FibOptions.Kernel.AS_FOUND);
  }

  TestRouter(FibOptions.Kernel kernel) throws InterruptedException {
    this.kernel = kernel;
    skipDuplicateDetection();
    connect("left", left, 1);
    connect("right", right, 2);
    connect("third", third, 3);
    fib = start();
  }

  private void skipDuplicateDetection() {
    for (TestNamespace namespace : List.of(router, left, right, third)) {
      namespace.exec(
          "sysctl",
          "-qw",
          "net.ipv6.conf.all.accept_dad=0",
          "net.ipv6.conf.default.accept_dad=0",
          "net.ipv6.conf.all.keep_addr_on_down=1");
    }
  }

  private void connect(String link, TestNamespace neighbor, int number) {
    router.connect(link, neighbor, "router");
    router.ip("addr add 10.0." + number + ".1/24 dev " + link);
    router.ip("addr add fd00:" + number + "::1/64 dev " + link + " nodad");
    neighbor.ip("addr add 10.0." + number + ".2/24 dev router");
    neighbor.ip("addr add fd00:" + number + "::2/64 dev router nodad");
  }

  private Fib start() throws InterruptedException {
    return new Fib(
            FibOptions.defaults(Path.of(System.getProperty("java.io.tmpdir")))
                .withNetworkInstances(Map.of("OTHER", 1001))
                .withReturnHold(new ReturnHolds.Range(HOLD, HOLD.multipliedBy(4)))
                .withKernel(kernel)
                .withNamespace(router.path()),
            events::add)
        .start();
  }

  Fib fib() {
    return fib;
  }

  String ip(String words) {
    return router.ip(words);
  }

  TestNamespace namespace() {
    return router;
  }

  List<FibEvent> events() {
    return events;
  }

  /// The agent stops and another starts; what clients said is gone, the kernel's state is not.
  void restart() throws InterruptedException {
    fib.close();
    hops = new HashMap<>();
    groups = new HashMap<>();
    fib = start();
  }

  // ---- links

  void cutLeft() {
    left.ip("link set router down");
  }

  void restoreLeft() {
    left.ip("link set router up");
  }

  void cutRight() {
    right.ip("link set router down");
  }

  void restoreRight() {
    right.ip("link set router up");
  }

  void cutThird() {
    third.ip("link set router down");
  }

  void restoreThird() {
    third.ip("link set router up");
  }

  /// The neighbor behind a link.
  TestNamespace neighbor(String link) {
    return switch (link) {
      case "left" -> left;
      case "right" -> right;
      case "third" -> third;
      default -> throw new IllegalArgumentException(link + " (expected: left, right or third)");
    };
  }

  // ---- what a client asks for

  @Nullable String hop(long index, HopSpec spec) throws InterruptedException {
    return answer(plane -> {
      FibHop hop = hops.get(index);
      if (hop == null) {
        hop = new FibHop(instance(plane), index, spec);
        hops.put(index, hop);
      } else {
        hop.replaceSpec(spec);
      }
      return plane.putHop(hop);
    });
  }

  @Nullable String gateway(long index, IpAddress address) throws InterruptedException {
    return hop(index, new HopSpec.Gateway(address, null));
  }

  @Nullable String gateway(long index, IpAddress address, String link) throws InterruptedException {
    return hop(index, new HopSpec.Gateway(address, link));
  }

  /// A group of equals, backed up by another group (0 for none).
  @Nullable String group(long id, long backup, long... members) throws InterruptedException {
    Map<Long, Integer> weights = new TreeMap<>();
    for (long member : members) {
      weights.put(member, 1);
    }
    return group(id, backup, weights);
  }

  /// A group of members and their weights, backed up by another group (0 for none).
  @Nullable String group(long id, long backup, Map<Long, Integer> weights)
      throws InterruptedException {
    return answer(plane -> {
      Group group = groups.computeIfAbsent(id, _ -> plane.newGroup(instance(plane), id));
      List<Group.Member> content = new ArrayList<>();
      weights.forEach((member, weight) ->
          content.add(new Group.Member(Objects.requireNonNull(hops.get(member)), weight)));
      group.replaceContent(content, backup == 0 ? null : groups.get(backup));
      return plane.putGroup(group);
    });
  }

  /// Routes a prefix to a group; returns what the kernel refused, or null.
  @Nullable String route(String prefix, long group) throws InterruptedException {
    return routes(group, Prefix.parse(prefix)).getFirst();
  }

  private List<@Nullable String> routes(long group, Prefix... prefixes)
      throws InterruptedException {
    return fib.ask(plane -> {
      List<@Nullable String> answers = new ArrayList<>();
      for (Prefix prefix : prefixes) {
        put(plane, prefix, Objects.requireNonNull(groups.get(group)), answers);
      }
      plane.flush();
      return answers;
    });
  }

  private static void put(
      ForwardingPlane plane, Prefix prefix, Group group, List<@Nullable String> answers) {
    plane.putRoute(
        instance(plane).routes(prefix.family()),
        prefix.high(),
        prefix.low(),
        prefix.length(),
        group,
        (_, error) -> answers.add(error),
        0);
  }

  /// Routes `count` prefixes 20.0.0.0/24, 20.0.1.0/24, ... to a group; returns how many were
  /// refused.
  long manyRoutes(int count, long group) throws InterruptedException {
    return fib.ask(plane -> {
      List<@Nullable String> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        put(
            plane,
            Prefix.ofIpv4((20 << 24) + (i << 8), 24),
            Objects.requireNonNull(groups.get(group)),
            answers);
      }
      plane.flush();
      return answers.stream().filter(Objects::nonNull).count();
    });
  }

  /// The client no longer wants a route.
  void removeRoute(String text) throws InterruptedException {
    Prefix prefix = Prefix.parse(text);
    answer(plane -> {
      RouteTable table = instance(plane).routes(prefix.family());
      plane.removeRoute(table, table.prefixes().find(prefix), (_, _) -> {}, 0);
      plane.flush();
      return null;
    });
  }

  /// Runs one line of `ip` for each of the prefixes 20.0.0.0/24, 20.0.1.0/24, ...
  void batch(String before, int count, String after) throws java.io.IOException {
    Path file = java.nio.file.Files.createTempFile("batch", ".ip");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(before + " " + Prefix.ofIpv4((20 << 24) + (i << 8), 24) + " " + after);
    }
    java.nio.file.Files.write(file, lines);
    router.exec("ip", "-batch", file.toString());
    java.nio.file.Files.delete(file);
  }

  private interface Question {
    @Nullable String ask(ForwardingPlane plane);
  }

  private @Nullable String answer(Question question) throws InterruptedException {
    String text = fib.ask(plane -> String.valueOf(question.ask(plane)));
    return text.equals("null") ? null : text;
  }

  private static Instance instance(ForwardingPlane plane) {
    return Objects.requireNonNull(plane.instance("DEFAULT"));
  }

  /// What the FIB thinks of a next hop.
  FibHop.Life life(long index) {
    try {
      return fib.ask(_ -> Objects.requireNonNull(hops.get(index)).life());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The same, for a task that runs on the owner's thread.
  FibHop.Life lifeNow(long index) {
    return Objects.requireNonNull(hops.get(index)).life();
  }

  // ---- what is there

  FibCounters counters() {
    try {
      return fib.ask(ForwardingPlane::counters);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  long kernelRoutes() {
    return router.ip("-4 route show table all proto 64").lines().count()
        + router.ip("-6 route show table all proto 64").lines().count();
  }

  /// The kernel next hops that the buckets of a group use, such as `1200000001 x8`.
  String buckets(int kernelGroup) {
    Map<String, Integer> count = new TreeMap<>();
    for (String line : router.ip("nexthop bucket show id " + kernelGroup).lines().toList()) {
      String[] words = line.trim().split(" ");
      count.merge(words[words.length - 1], 1, Integer::sum);
    }
    List<String> parts = new ArrayList<>();
    count.forEach((id, buckets) -> parts.add(id + " x" + buckets));
    return String.join(", ", parts);
  }

  InspectSummary inspect(InspectQuery query, List<InspectEntry> entries)
      throws InterruptedException {
    return fib.inspect(query, entries::addAll);
  }

  @Override
  public void close() {
    fib.close();
    router.close();
    left.close();
    right.close();
    third.close();
  }
}
