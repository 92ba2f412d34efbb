package net.donut.lab.demo;

import java.util.List;
import java.util.Map;
import net.donut.lab.probe.EventStrip;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.topology.Topology;

/// Everything the demo found out, as values: what the reports are written from.
///
/// @param disturbed trials that the machine was too busy to judge; kept and not counted
/// @param checks what must hold for the demo to succeed
/// @param environment what the figures were measured on
public record DemoResult(
    Topology topology,
    List<String> tableStory,
    List<Neighbor> neighbors,
    Routes routes,
    Map<String, Kernel> kernel,
    List<Event> events,
    List<Event> disturbed,
    List<Check> checks,
    Map<String, String> environment,
    double seconds) {

  public DemoResult {
    tableStory = List.copyOf(tableStory);
    neighbors = List.copyOf(neighbors);
    events = List.copyOf(events);
    disturbed = List.copyOf(disturbed);
    checks = List.copyOf(checks);
  }

  /// A neighbor of ours, as the controller sees it.
  ///
  /// @param prefixes heard from it
  /// @param best prefixes that leave by it
  public record Neighbor(
      String name,
      String software,
      long asn,
      String relation,
      String router,
      long prefixes,
      long accepted,
      long rejected,
      long best) {}

  /// The controller's view of the table.
  public record Routes(
      long total,
      long direct,
      long transit,
      long guarded,
      long holes,
      double donutRatio,
      long paths,
      long singleExit,
      long costLeaks,
      Map<String, Long> byRelation) {}

  /// One router's kernel against the intent, and a count by a dump of the lab's own.
  public record Kernel(
      long intended,
      long installed,
      long missing,
      long unexpected,
      long counted,
      long groups,
      long nextHops) {
    boolean equalsIntent() {
      return missing == 0
          && unexpected == 0
          && installed == intended
          && counted == installed + unexpected;
    }
  }

  /// More than this from the first loss to the word of the carrier is the machine's doing: on an
  /// idle one it takes less than a millisecond.
  private static final double LATE_MS = 2;

  /// What one event did to one direction of a flow.
  ///
  /// @param affected whether the way before led over the link
  /// @param localBackup whether the router before the link is ours and had another hop in its
  ///   kernel
  /// @param note who has to find another way, where that is not us
  /// @param detectMs from the first loss until the kernel began to handle the cut, by the link's
  ///   canary; 0 without loss
  /// @param strip each packet around the event
  public record FlowOutcome(
      StreamResult stream,
      PathTrace before,
      PathTrace after,
      boolean affected,
      boolean localBackup,
      String note,
      double detectMs,
      EventStrip strip) {
    /// Whether the event led it another way or cost it packets.
    boolean isTouched() {
      return affected || stream.lost() > 0;
    }

    /// Whether the event must not cost this direction more than two packets.
    boolean isProtected() {
      return !affected || localBackup;
    }

    /// Whether it lost more than it may, but not by our doing: the kernel was late to know, or the
    /// sender itself had stood still and caught up in a burst, so that more was lost than belongs
    /// into the gap.
    boolean isDisturbed() {
      return isProtected()
          && stream.lost() > Demo.MOST_LOST
          && (detectMs > LATE_MS || stream.lost() > 1 + stream.maxGapMs() * stream.sentPerMs());
    }
  }

  /// A link cut or restored.
  ///
  /// @param kind `cut` or `restore`
  /// @param trial from 1; more than 1 when trials before were disturbed
  /// @param leadMs time in the window before the event
  /// @param convergedMs from the event to the control plane having caught up the first time
  /// @param carrierMs from the request to cut until the kernel said so at the canary and at each
  ///   end
  /// @param settledMs from the event to the last change being in every kernel
  public record Event(
      String name,
      String kind,
      String link,
      int trial,
      double leadMs,
      Map<String, Double> carrierMs,
      double convergedMs,
      double settledMs,
      List<FlowOutcome> flows,
      Map<String, Kernel> kernel,
      long holes) {
    public Event {
      flows = List.copyOf(flows);
    }

    boolean isDisturbed() {
      return flows.stream().anyMatch(FlowOutcome::isDisturbed);
    }
  }

  /// Something that must hold.
  public record Check(String name, Verdict verdict, String detail) {}

  /// How a check came out.
  public enum Verdict {
    HOLDS,
    FAILS
  }

  public boolean holds() {
    return checks.stream().allMatch(check -> check.verdict == Verdict.HOLDS);
  }
}
