package net.donut.lab.story;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.clab.model.Scenario;
import net.donut.lab.clab.model.Scenario.Step;

/// How much of a scenario is done.
public enum StoryLength {
  /// All that is in the file.
  FULL,
  /// A quarter of the viewers, shorter times, and nothing after the first failure.
  QUICK;

  private static final int SHARE_OF_VIEWERS = 4;
  private static final Duration SHORT = Duration.ofMillis(2500);

  Scenario of(Scenario scenario) {
    return switch (this) {
      case FULL -> scenario;
      case QUICK ->
          new Scenario(scenario.name(), scenario.topology(), untilFirstFailure(scenario.steps()));
    };
  }

  private static List<Step> untilFirstFailure(List<Step> steps) {
    List<Step> kept = new ArrayList<>();
    for (Step step : steps) {
      kept.add(shortened(step));
      if (step instanceof Scenario.Change) {
        return kept;
      }
    }
    return kept;
  }

  private static Step shortened(Step step) {
    return switch (step) {
      case Scenario.Streams(var place, var server, var viewers) ->
          new Scenario.Streams(place, server, viewers.stream().map(StoryLength::fewer).toList());
      case Scenario.Wait(var place, Duration length) -> new Scenario.Wait(place, least(length));
      case Scenario.Change(var place, var event, Duration watch, var expectations) ->
          new Scenario.Change(place, event, least(watch), expectations);
      case Scenario.Await _, Scenario.Assertion _, Scenario.Flows _ -> step;
    };
  }

  private static Scenario.Viewers fewer(Scenario.Viewers all) {
    return new Scenario.Viewers(
        all.name(),
        all.node(),
        Math.max(1, all.count() / SHARE_OF_VIEWERS),
        all.packetsPerSecond(),
        all.packetBytes());
  }

  private static Duration least(Duration length) {
    return length.compareTo(SHORT) < 0 ? length : SHORT;
  }
}
