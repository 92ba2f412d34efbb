package net.donut.agent;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.TestNamespace;
import org.jspecify.annotations.Nullable;

/// A real FRR: zebra and bgpd.
final class FrrNeighbor implements RealNeighbor {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String PROGRAMS = "/usr/lib/frr/";

  private final TestNamespace namespace;
  private final Path directory;
  private @Nullable Process zebra;
  private @Nullable Process bgpd;

  /// `restart` are lines of `router bgp` about graceful restart.
  FrrNeighbor(TestNamespace namespace, Path directory, int routes, String restart) {
    this.namespace = namespace;
    this.directory = directory;
    StringBuilder config =
        new StringBuilder(
            """
            frr defaults traditional
            router bgp 64601
             bgp router-id 10.0.0.2
             no bgp ebgp-requires-policy
             no bgp default ipv4-unicast
             no bgp network import-check
             %s
             neighbor 100.64.1.1 remote-as 64500
             neighbor 100.64.1.1 timers connect 1
             address-family ipv4 unicast
              neighbor 100.64.1.1 activate
            """
                .formatted(restart));
    for (int i = 0; i < routes; i++) {
      config.append("  network 10.%d.%d.0/24\n".formatted(i >> 8, i & 0xff));
    }
    write("bgpd.conf", config.append(" exit-address-family\n").toString());
    write("zebra.conf", "hostname zebra\n");
  }

  private void write(String name, String text) {
    try {
      // FRR works as a user of its own.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public FrrNeighbor start() {
    if (!Files.isExecutable(Path.of(PROGRAMS + "bgpd"))) {
      throw new AssertionError("needs frr: apt-get install frr, or run ./donut setup");
    }
    if (zebra == null) {
      zebra = daemon("zebra");
      await("zserv.api");
    }
    bgpd = daemon("bgpd");
    return this;
  }

  private void await(String file) {
    eventually(PATIENCE, () -> assertThat(directory.resolve(file)).exists());
  }

  private Process daemon(String name) {
    List<String> command =
        new ArrayList<>(List.of("ip", "netns", "exec", namespace.name(), PROGRAMS + name));
    command.addAll(List.of("-f", file(name + ".conf"), "-i", file(name + ".pid")));
    command.addAll(List.of("-z", file("zserv.api"), "--vty_socket", directory.toString()));
    command.addAll(List.of("-A", "127.0.0.1", "-P", "0", "--log", "file:" + file(name + ".log")));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(directory.resolve(name + ".out").toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  @Override
  public void disable() {
    configure("router bgp 64601", "neighbor 100.64.1.1 shutdown");
  }

  private void configure(String... lines) {
    List<String> command =
        new ArrayList<>(
            List.of("/usr/bin/vtysh", "--vty_socket", directory.toString(), "-d", "bgpd"));
    command.addAll(List.of("-c", "configure terminal"));
    for (String line : lines) {
      command.addAll(List.of("-c", line));
    }
    try {
      Process vtysh = new ProcessBuilder(command).redirectErrorStream(true).start();
      String answer = new String(vtysh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!vtysh.waitFor(10, TimeUnit.SECONDS) || vtysh.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + answer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Process running() {
    if (bgpd == null) {
      throw new IllegalStateException("bgpd: none (expected: started)");
    }
    return bgpd;
  }

  @Override
  public void signal(String signal) {
    RealNeighbor.signal(running(), signal);
  }

  @Override
  public void kill() {
    if (bgpd != null) {
      RealNeighbor.kill(bgpd);
      bgpd = null;
    }
  }

  @Override
  public void close() {
    kill();
    if (zebra != null) {
      RealNeighbor.kill(zebra);
      zebra = null;
    }
  }
}
