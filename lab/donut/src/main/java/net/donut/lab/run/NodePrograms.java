package net.donut.lab.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.clab.PerLabRuntime;
import net.donut.lab.clab.netns.NodeProgram;
import net.donut.lab.clab.plan.Profile;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.clab.run.LabRuntime;
import net.donut.lab.net.Cut;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabState;
import net.donut.lab.net.Pause;
import net.donut.lab.net.ProcessId;

/// The programs that the nodes of a lab run, one each: the controller, `ROUTER-agent`, and of a
/// network its name. Also of a lab that another process holds up. Owned by the thread that asks.
public final class NodePrograms {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String KILLED = "killed-";

  /// A program and the process that it is now; empty when it has ended.
  public record ProgramState(String name, Optional<ProcessId> process) {}

  private final LabRuntime runtime = new PerLabRuntime();
  private final LabState state;
  private final LabRecord lab;
  private final Map<String, LabRecord.Node> nodes = new LinkedHashMap<>();

  NodePrograms(LabState state, LabRecord lab) {
    this.state = state;
    this.lab = lab;
    for (LabRecord.Node node : lab.nodes()) {
      Profile.of(node.profile())
          .filter(profile -> profile != Profile.IDLE)
          .ifPresent(profile -> nodes.put(name(profile, node.name()), node));
    }
  }

  private static String name(Profile profile, String node) {
    return switch (profile) {
      case DONUT_AGENT -> DonutLab.agentOf(node);
      case DONUT_CONTROLLER -> DonutLab.CONTROLLER;
      case BIRD, FRR, GOBGP, OPENBGPD, IDLE -> node;
    };
  }

  /// The node that runs a program. Throws IllegalArgumentException naming those there are.
  LabRecord.Node node(String name) {
    LabRecord.Node node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException(
          "process: '" + name + "' (expected one of: " + nodes.keySet() + ")");
    }
    return node;
  }

  /// Every program, in the order of the nodes.
  public List<ProgramState> all() {
    return nodes.keySet().stream().map(name -> new ProgramState(name, process(name))).toList();
  }

  /// The process of a program that runs.
  Optional<ProcessId> process(String name) {
    LabRecord.Node node = node(name);
    return runtime.state(lab, node) instanceof LabRuntime.NodeState.Running(long first, var _)
        ? NodeProgram.of(lab, node, first).flatMap(pid -> ProcessId.of(name, pid))
        : Optional.empty();
  }

  boolean isAlive(String name) {
    return process(name).isPresent();
  }

  /// Ends a program as `kill -9` does, and waits for its end. One that has ended is left alone.
  public void kill(String name) {
    LabRecord.Node node = node(name);
    state.fact(KILLED + name, "yes");
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
    state.fact(KILLED + name, "");
  }

  /// The programs that ended without being asked to; those of killed nodes were.
  List<String> dead() {
    Map<String, Cut> cuts = lab.faults().cuts();
    LabState now = LabState.read(state.lab()).orElse(state);
    return nodes.entrySet().stream()
        .filter(program -> !now.fact(KILLED + program.getKey()).equals("yes"))
        .filter(program -> cuts.get(program.getValue().name()) != Cut.OfNode.NODE_KILL)
        .map(Map.Entry::getKey)
        .filter(name -> !isAlive(name))
        .toList();
  }

  /// What a program writes.
  Path console(String name) {
    return lab.nodeDirectory(node(name).name()).resolve("console.log");
  }

  /// The names of all.
  List<String> names() {
    return List.copyOf(nodes.keySet());
  }
}
