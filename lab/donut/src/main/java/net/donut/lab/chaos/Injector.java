package net.donut.lab.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.ProcessId;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.Narration;
import net.donut.lab.topology.LabLink;
import net.donut.lab.topology.LabPolicy;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.netlink.RouteLookup;

/// Does faults to a lab and puts them right.
final class Injector {
  private final DonutLab lab;
  private final Narration story;

  Injector(DonutLab lab, Narration story) {
    this.lab = lab;
    this.story = story;
  }

  void begin(Fault fault) {
    story.tell(fault.toString());
    switch (fault) {
      case Fault.Kill(var program) -> lab.kill(program);
      case Fault.Freeze(var program) -> signal(program, "STOP");
      case Fault.Partition(var router) -> lab.network().partition(router);
      case Fault.HalfOpen(var program) -> halfOpen(program);
      case Fault.CutLink(var link, var how) -> lab.network().cuts().cut(link, how);
      case Fault.Restart(var neighbor) -> lab.stopNeighbor(neighbor);
      case Fault.Reset(var neighbor) -> reset(neighbor);
      case Fault.LoseRoute(var router, var prefix) ->
          delete(router, "route del " + prefix + " proto 64");
      case Fault.LoseGroup(var router, var prefix) ->
          delete(router, "nexthop del id " + Integer.toUnsignedString(groupOf(router, prefix)));
      case Fault.FullDisk(var router) -> limitFiles(router, "0");
      case Fault.Detour(var neighbor, var prefix) -> override(neighbor, prefix);
      case Fault.Blackhole(var router, var prefix) ->
          lab.network()
              .namespace(router)
              .ip(List.of("route add blackhole " + prefix + " proto static metric 1"));
    }
  }

  void end(Fault fault) {
    switch (fault) {
      case Fault.Kill(var program) -> lab.restart(program);
      case Fault.Freeze(var program) -> signal(program, "CONT");
      case Fault.Partition(var router) -> lab.network().rejoin(router);
      case Fault.HalfOpen(var program) -> lab.network().unmute(lab.nodeOf(program));
      case Fault.CutLink(var link, _) -> lab.network().cuts().restore(link);
      case Fault.Restart(var neighbor) -> lab.restartNeighbor(neighbor);
      // Ours to put right, not the lab's.
      case Fault.Reset _, Fault.LoseRoute _, Fault.LoseGroup _, Fault.Detour _ -> {
        return;
      }
      case Fault.FullDisk(var router) -> limitFiles(router, "unlimited");
      case Fault.Blackhole(var router, var prefix) ->
          lab.network()
              .namespace(router)
              .ip(List.of("route del blackhole " + prefix + " proto static metric 1"));
    }
    story.tell("  over: " + fault);
  }

  /// What the controller refuses, or cannot do because it is dead, is no mistake.
  private void override(String neighbor, Prefix prefix) {
    try {
      lab.operator().override(prefix.toString(), neighbor, Fault.Detour.SECONDS);
    } catch (LabException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      story.tell("  not done: " + reason);
    }
  }

  private void signal(String program, String signal) {
    Command.run("kill", "-" + signal, Long.toString(lab.process(program).pid()));
  }

  /// Muted first, so that no reset tells the other ends.
  private void halfOpen(String program) {
    String node = lab.nodeOf(program);
    lab.network().mute(node);
    endConnections(node, "( sport = :%1$d or dport = :%1$d )".formatted(LabPolicy.AGENT_PORT));
  }

  private void reset(String neighbor) {
    LabLink link =
        lab.topology()
            .ourPeerings()
            .filter(each -> each.touches(neighbor))
            .findFirst()
            .orElseThrow();
    for (Family family : Family.values()) {
      endConnections(neighbor, "dst [%s]".formatted(link.a().address(family)));
    }
  }

  /// Ends TCP connections of a node as its kernel would, with a reset to the other end.
  private void endConnections(String node, String which) {
    List<String> words = new ArrayList<>(List.of("ss", "-HtnK"));
    words.addAll(List.of(which.split(" ")));
    long ended = lab.network().namespace(node).run(words.toArray(String[]::new)).lines().count();
    story.tell("  %d connections of %s ended: %s".formatted(ended, node, which));
  }

  /// What another fault has deleted already is no mistake.
  private void delete(String router, String what) {
    Command.Result result =
        Command.tryRun(
            List.of("ip", "-n", lab.network().namespace(router).name(), "-batch", "-"),
            what + "\n");
    if (result.exitCode() != 0) {
      story.tell("  not deleted: " + what + ": " + result.errors().strip());
    }
  }

  private int groupOf(String router, Prefix prefix) {
    return lab.network()
        .inside(
            router,
            kernel ->
                kernel.fibMatch(prefix.address()) instanceof RouteLookup.Found found
                    ? found.route().nextHopId()
                    : 0);
  }

  /// Only an agent that serves: the limit holds for `/tmp` as well, where a start needs room.
  private void limitFiles(String router, String limit) {
    String agent = DonutLab.agentOf(router);
    if (lab.isRunning(agent) && serves(lab.process(agent))) {
      String pid = Long.toString(lab.process(agent).pid());
      Command.run("prlimit", "--pid", pid, "--fsize=" + limit + ":");
    } else {
      story.tell("  not done: " + agent + " does not serve");
    }
  }

  /// Whether a process of this namespace listens on the port of agents.
  private static boolean serves(ProcessId process) {
    String listening = ":%04X ".formatted(LabPolicy.AGENT_PORT);
    Path sockets = Path.of("/proc", Long.toString(process.pid()), "net", "tcp6");
    try (Stream<String> lines = Files.lines(sockets)) {
      return lines.anyMatch(line -> line.contains(listening) && line.contains(" 0A "));
    } catch (IOException e) {
      throw LabException.of(sockets, e);
    }
  }
}
