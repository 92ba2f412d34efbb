package net.donut.lab.clab.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.donut.lab.clab.plan.Plan;
import net.donut.lab.net.LabException;

/// What makes nodes and links of a plan: namespaces of this machine, or containers.
///
/// A deployment calls [#createNetwork] once, then [#start] for each node from several threads, and
/// [#destroy] whatever happened before.
public interface LabRuntime {

  /// How a command in a node ended.
  record ExecResult(
      String container, List<String> command, int exitCode, String output, String errors) {
    /// What it wrote to standard output and to standard error.
    public String both() {
      return output + errors;
    }

    /// What it wrote. Throws LabException unless it exited with 0.
    ///
    /// @param node where it ran
    public String orThrow(String node) {
      if (exitCode != 0) {
        throw new LabException(
            "%s: %s: exit %d: %s".formatted(node, String.join(" ", command), exitCode, both()));
      }
      return output;
    }
  }

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
        return "Up " + AgeText.words(since);
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
        return "Up " + AgeText.words(since) + " (Paused)";
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

  /// How a program in a node is joined to the program that starts it.
  enum Attachment {
    /// A terminal of its own in the node, fed by the terminal of whoever starts it.
    TERMINAL,
    /// Input, output and errors go through as they are.
    PIPE,
    /// Nothing: it runs on by itself.
    DETACHED
  }

  /// How a node's program ended since the node was started, the last time.
  ///
  /// @param again whether it is started again by itself
  /// @param lastWords the last line that it wrote
  record Ending(int exitCode, boolean again, String lastWords) {
    /// Whether the node is other than its file means it to be.
    public boolean isFailure() {
      return again || exitCode != 0;
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

  /// The command line that runs a program in a node, for a process of this machine that hands its
  /// input and output down.
  List<String> inside(
      LabRecord lab, LabRecord.Node node, List<String> command, Attachment attachment);

  /// The command line that writes a node's console, from its begin or its last lines.
  ///
  /// @param lines how many of the last; below 0 for all
  /// @param follow whether it goes on with what comes
  List<String> console(LabRecord lab, LabRecord.Node node, int lines, boolean follow);

  NodeState state(LabRecord lab, LabRecord.Node node);

  /// Empty for a program that has never ended, and for a node that others started.
  Optional<Ending> ending(LabRecord lab, LabRecord.Node node);

  /// The nodes of a plan whose images cannot be had, each with the reason.
  default Map<String, String> unavailable(Plan plan) {
    return Map.of();
  }

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
