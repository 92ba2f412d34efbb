package net.donut.netlink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Two namespaces of a test joined by three veth pairs: `a1`, `a2`, `a3` here, `b1`, `b2`, `b3` in
/// the other. Pair n has 10.9.n.1/24 and fd09:n::1/64 here, .2 and ::2 there. Removed after each
/// test.
final class TestNetwork implements BeforeEachCallback, AfterEachCallback {
  static final int PROTOCOL = 64;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String here =
      "donut-nl-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
  private final String there = here + "p";
  private final List<NetworkNamespace> opened = new ArrayList<>();

  @Override
  public void beforeEach(ExtensionContext context) {
    up();
  }

  void up() {
    ip("netns", "add", here);
    ip("netns", "add", there);
    ipHere("link", "set", "lo", "up");
    ipThere("link", "set", "lo", "up");
    for (int n = 1; n <= 3; n++) {
      addPair(n);
    }
  }

  /// The two ends get different indexes: the kernel then reports carrier at once (it defers carrier
  /// events of a veth whose index equals its peer's).
  private void addPair(int n) {
    ip(
        ("-n %s link add a%d index %d type veth peer name b%d index %d netns %s")
            .formatted(here, n, 100 + n, n, 200 + n, there)
            .split(" "));
    ipThere("addr", "add", "10.9." + n + ".2/24", "dev", "b" + n);
    ipThere("addr", "add", "fd09:" + n + "::2/64", "dev", "b" + n, "nodad");
    ipThere("link", "set", "b" + n, "up");
    ipHere("addr", "add", "10.9." + n + ".1/24", "dev", "a" + n);
    ipHere("addr", "add", "fd09:" + n + "::1/64", "dev", "a" + n, "nodad");
    ipHere("link", "set", "a" + n, "up");
    await("carrier of a" + n, () -> ipHere("link", "show", "a" + n).contains("state UP"));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    down();
  }

  void down() {
    opened.forEach(NetworkNamespace::close);
    run(List.of("ip", "netns", "del", here));
    run(List.of("ip", "netns", "del", there));
  }

  NetworkNamespace namespace() {
    NetworkNamespace namespace = NetworkNamespace.open(here);
    opened.add(namespace);
    return namespace;
  }

  String name() {
    return here;
  }

  /// A test's work with a socket in the namespace, on a thread of its own.
  interface SocketWork {
    void run(NetlinkSocket socket) throws Exception;
  }

  void inside(SocketWork work) throws Exception {
    namespace()
        .<Exception>run(() -> {
          try (NetlinkSocket socket = NetlinkSocket.open()) {
            work.run(socket);
          }
        });
  }

  String ipHere(String... arguments) {
    return ip(in(here, arguments));
  }

  String ipThere(String... arguments) {
    return ip(in(there, arguments));
  }

  private static String[] in(String namespace, String... arguments) {
    List<String> command = new ArrayList<>(List.of("-n", namespace));
    command.addAll(Arrays.asList(arguments));
    return command.toArray(String[]::new);
  }

  private static String ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(Arrays.asList(arguments));
    Result result = run(command);
    if (result.status() != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + result.output());
    }
    return result.output();
  }

  private record Result(int status, String output) {}

  private static Result run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(String.join(" ", command) + ": no end within 20 s");
      }
      return new Result(process.exitValue(), output);
    } catch (IOException e) {
      throw new AssertionError("needs ip: apt-get install iproute2, or run ./donut setup", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Polls until it holds; fails after 10 s.
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + ": not within 10 s");
      }
      Thread.onSpinWait();
    }
  }
}
