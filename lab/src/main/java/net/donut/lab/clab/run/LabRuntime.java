package net.donut.lab.clab.run;

import java.time.Duration;
import java.util.List;
import net.donut.lab.clab.plan.Plan;

/// What makes nodes and links of a plan: namespaces of this machine, or containers.
///
/// A deployment calls [#createNetwork] once, then [#start] for each node from several threads, and
/// [#destroy] whatever happened before.
public interface LabRuntime {

  /// How a command in a node ended.
  record ExecResult(
      String container, List<String> command, int exitCode, String output, String errors) {}

  /// Whether a node lives.
  sealed interface NodeState {
    /// What `inspect` shows: `running`, `paused`, `exited`, `dead`.
    String state();

    /// What `inspect` shows beside it.
    String status();

    /// Its programs run.
    record Running(long pid, Duration since) implements NodeState {
      @Override
      public String state() {
        return "running";
      }

      @Override
      public String status() {
        return "Up " + Ages.words(since);
      }
    }

    /// Its programs stand still.
    record Paused(Duration since) implements NodeState {
      @Override
      public String state() {
        return "paused";
      }

      @Override
      public String status() {
        return "Up " + Ages.words(since) + " (Paused)";
      }
    }

    /// It was started and its program has ended.
    record Exited(int exitCode) implements NodeState {
      @Override
      public String state() {
        return "exited";
      }

      @Override
      public String status() {
        return "Exited (" + exitCode + ")";
      }
    }

    /// There is nothing, or it was killed.
    record Absent() implements NodeState {
      @Override
      public String state() {
        return "dead";
      }

      @Override
      public String status() {
        return "Dead";
      }
    }
  }

  /// What a node's health check says.
  enum Health {
    /// It has none, or does not run.
    NONE(""),
    /// It has not succeeded yet.
    STARTING(" (health: starting)"),
    HEALTHY(" (healthy)"),
    UNHEALTHY(" (unhealthy)");

    private final String words;

    Health(String words) {
      this.words = words;
    }

    /// What `inspect` puts behind a node's status.
    public String words() {
      return words;
    }
  }

  /// Sees to it that the machine has what a plan needs, before anything of the lab is made. Throws
  /// LabException when it lacks something.
  ///
  /// @return what will be other than asked for, a sentence each
  List<String> prepare(Plan plan);

  /// Makes networks and links, every interface up and with carrier. Throws LabException when the
  /// machine refuses or a link does not stand.
  void createNetwork(Plan plan);

  /// Starts a node, and waits until its program was started.
  void start(Plan plan, Plan.Node node);

  /// Undoes [#kill]: the node's program runs as after its first start.
  void restart(LabRecord lab, LabRecord.Node node);

  /// Runs a command in a node to its end, with a limit.
  ExecResult exec(LabRecord lab, LabRecord.Node node, List<String> command, Duration limit);

  NodeState state(LabRecord lab, LabRecord.Node node);

  Health health(LabRecord lab, LabRecord.Node node);

  /// Waits until a node's health check succeeds; one without is healthy. Throws LabException when
  /// it fails too often, or not in time.
  void awaitHealthy(LabRecord lab, Plan.Node node, Duration limit);

  /// Twelve hexadecimal digits that stand for the node.
  String id(LabRecord lab, LabRecord.Node node);

  /// The image that a node was started from.
  default String image(LabRecord lab, LabRecord.Node node) {
    return node.image();
  }

  /// Ends a node's programs at once, as when its power goes, with its management interface's
  /// carrier. The carrier of its links is the caller's affair.
  void kill(LabRecord lab, LabRecord.Node node);

  /// Stops a node's programs where they are; the kernel goes on forwarding.
  void freeze(LabRecord lab, LabRecord.Node node);

  /// Undoes [#freeze].
  void thaw(LabRecord lab, LabRecord.Node node);

  /// Removes everything of a lab, also of one that was never complete. What is gone already is
  /// fine.
  void destroy(LabRecord lab);
}
