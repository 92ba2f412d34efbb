package net.donut.lab.clab.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.ImpairmentKind;
import net.donut.model.IpAddress;

/// What is done to a lab, step by step, and what is expected of it.
///
/// @param topology the topology file it is about
public record Scenario(String name, Path topology, List<Step> steps) {
  public Scenario {
    steps = List.copyOf(steps);
  }

  /// One step; its title is a line for people.
  public sealed interface Step {
    FilePlace place();

    String title();
  }

  /// Waits until a node answers as expected; without that nothing after it makes sense.
  public record Await(FilePlace place, Check check, Duration within) implements Step {
    @Override
    public String title() {
      return "wait for " + check;
    }
  }

  /// Requires that a node answers as expected, now.
  public record Assertion(FilePlace place, Check check) implements Step {
    @Override
    public String title() {
      return "assert " + check;
    }
  }

  /// Lets time pass.
  public record Wait(FilePlace place, Duration length) implements Step {
    @Override
    public String title() {
      return "pause " + ImpairmentKind.text(length);
    }
  }

  /// Starts streams both ways of each flow, which then run to the end.
  public record Flows(FilePlace place, int packetsPerSecond, List<Flow> flows) implements Step {
    public Flows {
      flows = List.copyOf(flows);
    }

    @Override
    public String title() {
      return "flows "
          + String.join(", ", flows.stream().map(Flow::name).toList())
          + ", "
          + packetsPerSecond
          + " packets a second";
    }
  }

  /// Starts viewers, each of whom pulls a stream from a server until the end.
  public record Streams(FilePlace place, Server server, List<Viewers> viewers) implements Step {
    public Streams {
      viewers = List.copyOf(viewers);
    }

    @Override
    public String title() {
      return "streams of " + String.join(", ", viewers.stream().map(Object::toString).toList());
    }
  }

  /// Where streams come from.
  ///
  /// @param nodes that have the address: more than one for an anycast address
  public record Server(List<String> nodes, IpAddress address) {
    public Server {
      nodes = List.copyOf(nodes);
    }
  }

  /// Viewers in one place.
  ///
  /// @param count how many, each with a stream of its own
  /// @param packetsPerSecond of each stream
  public record Viewers(
      String name, String node, int count, int packetsPerSecond, int packetBytes) {
    @Override
    public String toString() {
      return count + " in " + name;
    }
  }

  /// Changes the lab, and watches the flows for a time.
  public record Change(FilePlace place, Event event, Duration watch, List<Expectation> expectations)
      implements Step {
    public Change {
      expectations = List.copyOf(expectations);
    }

    @Override
    public String title() {
      return event.toString();
    }
  }

  /// A command in a node, and texts that its output holds or lacks.
  public record Check(String node, String command, List<String> contains, List<String> lacks) {
    public Check {
      contains = List.copyOf(contains);
      lacks = List.copyOf(lacks);
    }

    /// What is wrong with an output; empty when nothing is.
    public List<String> faults(String output) {
      return Stream.concat(
              contains.stream()
                  .filter(text -> !output.contains(text))
                  .map(text -> "'" + text + "' is not in it"),
              lacks.stream().filter(output::contains).map(text -> "'" + text + "' is in it"))
          .toList();
    }

    @Override
    public String toString() {
      return node + ": " + command;
    }
  }

  /// Packets between two nodes, each from its address to the other's.
  public record Flow(String name, FlowEnd a, FlowEnd b) {}

  /// An end of a flow.
  public record FlowEnd(String node, IpAddress address) {}

  /// The most that a change may cost a flow, in each direction.
  ///
  /// @param outage the longest gap between two packets
  public record Expectation(FilePlace place, String flow, Duration outage, double lossPercent) {}

  /// A change of the lab.
  public sealed interface Event {
    record Cutting(String target, Cut how) implements Event {
      @Override
      public String toString() {
        return "cut " + target + " (" + how + ")";
      }
    }

    record Restoring(String target) implements Event {
      @Override
      public String toString() {
        return "restore " + target;
      }
    }

    record Impairing(String link, Impairment asked) implements Event {
      @Override
      public String toString() {
        return "impair " + link + ": " + asked;
      }
    }
  }
}
