package net.donut.agent.bfd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.donut.fixtures.NamespacePrograms;

/// A real BFD daemon as our neighbor: it sends every 80 ms, takes a packet every 80 ms, multiplier
/// 5.
enum BfdNeighbor {
  BIRD("bird") {
    @Override
    void start(BfdNetwork network, int millis, int multiplier) {
      need("bird", "/usr/sbin/bird", "bird2");
      network.write(
          "bird.conf",
          """
          router id %s;
          protocol device { scan time 1; }
          protocol bfd b {
            interface "eth0" { interval %d ms; multiplier %d; };
            neighbor %s dev "eth0" local %s;
            neighbor %s dev "eth0" local %s;
          }
          """
              .formatted(
                  BfdNetwork.THEIRS4,
                  millis,
                  multiplier,
                  BfdNetwork.OURS4,
                  BfdNetwork.THEIRS4,
                  BfdNetwork.OURS6,
                  BfdNetwork.THEIRS6));
      network.start(
          "bird.out",
          List.of(
              "/usr/sbin/bird",
              "-f",
              "-c",
              network.file("bird.conf").toString(),
              "-s",
              network.file("bird.ctl").toString(),
              "-P",
              network.file("bird.pid").toString()));
      awaitFile(network, "bird.ctl");
    }

    @Override
    boolean isUp(BfdNetwork network, String ours) {
      return ask(network, "show bfd sessions")
          .lines()
          .anyMatch(line -> line.startsWith(ours + " ") && line.contains(" Up "));
    }

    private String ask(BfdNetwork network, String command) {
      return NamespacePrograms.run(
          List.of("/usr/sbin/birdc", "-s", network.file("bird.ctl").toString(), command));
    }
  },

  FRR("bfdd") {
    @Override
    void start(BfdNetwork network, int millis, int multiplier) {
      need("frr", "/usr/lib/frr/bfdd", "frr");
      network.write("zebra.conf", "hostname zebra\n");
      network.write(
          "bfdd.conf",
          "bfd\n"
              + peer(BfdNetwork.OURS4, BfdNetwork.THEIRS4, millis, multiplier)
              + peer(BfdNetwork.OURS6, BfdNetwork.THEIRS6, millis, multiplier));
      daemon(network, "zebra", List.of());
      awaitFile(network, "zserv.api");
      daemon(network, "bfdd", List.of("--bfdctl", network.file("bfdctl.sock").toString()));
      awaitFile(network, "bfdd.vty");
    }

    private String peer(String ours, String theirs, int millis, int multiplier) {
      return """
       peer %s local-address %s interface eth0
        detect-multiplier %d
        receive-interval %d
        transmit-interval %d
        no shutdown
       !
      """
          .formatted(ours, theirs, multiplier, millis, millis);
    }

    private void daemon(BfdNetwork network, String name, List<String> more) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  "/usr/lib/frr/" + name,
                  "-f",
                  network.file(name + ".conf").toString(),
                  "-i",
                  network.file(name + ".pid").toString(),
                  "-z",
                  network.file("zserv.api").toString(),
                  "--vty_socket",
                  network.directory().toString(),
                  "-A",
                  "127.0.0.1",
                  "-P",
                  "0",
                  "--log",
                  "file:" + network.file(name + ".log")));
      command.addAll(more);
      network.start(name + ".out", command);
    }

    @Override
    boolean isUp(BfdNetwork network, String ours) {
      String theirs = ours.equals(BfdNetwork.OURS4) ? BfdNetwork.THEIRS4 : BfdNetwork.THEIRS6;
      return vtysh(
              network,
              "show bfd peer " + ours + " local-address " + theirs + " interface eth0 json")
          .replace(" ", "")
          .contains("\"status\":\"up\"");
    }
  };

  private final String daemon;

  BfdNeighbor(String daemon) {
    this.daemon = daemon;
  }

  /// Starts it with both sessions, the same interval both ways.
  abstract void start(BfdNetwork network, int millis, int multiplier);

  /// Whether it says the session with an address of ours is up.
  abstract boolean isUp(BfdNetwork network, String ours);

  /// Switches BFD with us off, as the operator of FRR does.
  static void disableFrr(BfdNetwork network) {
    vtysh(
        network,
        "configure terminal",
        "bfd",
        "peer " + BfdNetwork.OURS4 + " local-address " + BfdNetwork.THEIRS4 + " interface eth0",
        "shutdown",
        "exit",
        "peer " + BfdNetwork.OURS6 + " local-address " + BfdNetwork.THEIRS6 + " interface eth0",
        "shutdown");
  }

  private static String vtysh(BfdNetwork network, String... commands) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/vtysh", "--vty_socket", network.directory().toString(), "-d", "bfdd"));
    for (String one : commands) {
      command.addAll(List.of("-c", one));
    }
    return NamespacePrograms.run(command);
  }

  /// Kills the daemon so that it cannot say anything.
  void kill(BfdNetwork network) {
    long pid = Long.parseLong(network.log(daemon + ".pid").strip());
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  String log(BfdNetwork network) {
    return network.log(daemon + ".out") + network.log(daemon + ".log");
  }

  private static void need(String program, String path, String packageName) {
    if (!Files.isExecutable(Path.of(path))) {
      throw new AssertionError(
          "needs " + program + ": apt-get install " + packageName + ", or run ./donut setup");
    }
  }

  private static void awaitFile(BfdNetwork network, String name) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(network.file(name))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(name + ": none in " + network.directory());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
