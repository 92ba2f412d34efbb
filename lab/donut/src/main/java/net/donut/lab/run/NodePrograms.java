package net.donut.lab.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.container.ContainerProgram;
import net.donut.lab.clab.netns.NodeProgram;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;

/// The programs that the nodes of a lab run, one each: the controller, `ROUTER-agent`, and of any
/// other node its name. Also of a lab that another process holds up. Owned by the thread that asks.
public final class NodePrograms {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String KILLED = "killed";

  /// A program and the process that it is now; empty when it has ended.
  public record ProgramState(String name, Optional<ProcessId> process) {}

  private final LabRuntime runtime = new PerLabRuntime();
  private final LabRecord lab;
  private final Map<String, LabRecord.Node> nodes = new LinkedHashMap<>();

  public NodePrograms(LabRecord lab) {
    this.lab = lab;
    for (LabRecord.Node node : lab.nodes()) {
      Profile.of(node.profile())
          .filter(profile -> profile != Profile.IDLE)
          .map(profile -> name(profile, node.name()))
          .ifPresent(name -> nodes.put(nodes.containsKey(name) ? node.name() : name, node));
    }
  }

  private static String name(Profile profile, String node) {
    return switch (profile) {
      case DONUT_AGENT -> DonutLab.agentOf(node);
      case DONUT_CONTROLLER -> DonutLab.CONTROLLER;
      case BIRD, FRR, GOBGP, OPENBGPD, IDLE -> node;
    };
  }

  /// The node that runs a program, by the name of the program or of the node. Throws
  /// IllegalArgumentException naming the programs there are.
  LabRecord.Node node(String name) {
    LabRecord.Node node = nodes.get(name);
    return node == null
        ? nodes.values().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "process: '" + name + "' (expected one of: " + nodes.keySet() + ")"))
        : node;
  }

  /// Every program, in the order of the nodes.
  public List<ProgramState> all() {
    return nodes.keySet().stream().map(name -> new ProgramState(name, process(name))).toList();
  }

  /// The process of a program that runs.
  Optional<ProcessId> process(String name) {
    LabRecord.Node node = node(name);
    return runtime.state(lab, node) instanceof LabRuntime.NodeState.Running(long first, var _)
        ? program(node, first).flatMap(pid -> ProcessId.of(name, pid))
        : Optional.empty();
  }

  private Optional<Long> program(LabRecord.Node node, long first) {
    return switch (lab.runtime()) {
      case NETNS -> NodeProgram.of(lab, node, first);
      case DOCKER -> ContainerProgram.of(first);
    };
  }

  boolean isAlive(String name) {
    return process(name).isPresent();
  }

  /// Ends a program as `kill -9` does, and waits for its end. One that has ended is left alone.
  public void kill(String name) {
    LabRecord.Node node = node(name);
    noteKilled(node);
    process(name)
        .flatMap(program -> ProcessHandle.of(program.pid()))
        .ifPresent(program -> {
          program.destroyForcibly();
          Pause.until(
              name + " to end",
              LIMIT,
              () -> !(runtime.state(lab, node) instanceof LabRuntime.NodeState.Running));
        });
  }

  /// Starts a program again that has ended, as it was started before. Throws LabException when it
  /// runs.
  public void again(String name) {
    LabRecord.Node node = node(name);
    process(name)
        .ifPresent(running -> {
          throw new LabException(name + " runs already (process " + running.pid() + ")");
        });
    runtime.restart(lab, node);
    forgetKilled(node);
  }

  /// Any process that knows the lab hears of it: who holds it up tells what ends by itself.
  private void noteKilled(LabRecord.Node node) {
    Path mark = killedMark(node);
    try {
      Files.createDirectories(lab.nodeDirectory(node.name()));
      Files.writeString(mark, "");
    } catch (IOException e) {
      throw LabException.of(mark, e);
    }
  }

  private void forgetKilled(LabRecord.Node node) {
    Path mark = killedMark(node);
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      throw LabException.of(mark, e);
    }
  }

  private Path killedMark(LabRecord.Node node) {
    return lab.nodeDirectory(node.name()).resolve(KILLED);
  }

  /// The programs that ended without being asked to; those of killed nodes were.
  List<String> dead() {
    Map<String, Cut> cuts = lab.faults().cuts();
    return nodes.entrySet().stream()
        .filter(program -> !Files.exists(killedMark(program.getValue())))
        .filter(program -> cuts.get(program.getValue().name()) != Cut.OfNode.NODE_KILL)
        .map(Map.Entry::getKey)
        .filter(name -> !isAlive(name))
        .toList();
  }

  /// The file into which a program writes; empty for one whose engine keeps what it writes.
  Optional<Path> console(String name) {
    return switch (lab.runtime()) {
      case NETNS -> Optional.of(lab.nodeDirectory(node(name).name()).resolve("console.log"));
      case DOCKER -> Optional.empty();
    };
  }

  /// All that a program has written.
  String written(String name) {
    Command.Result result = Command.tryRun(runtime.console(lab, node(name), -1, false), "");
    return result.output() + result.errors();
  }

  /// The names of all.
  List<String> names() {
    return List.copyOf(nodes.keySet());
  }
}
