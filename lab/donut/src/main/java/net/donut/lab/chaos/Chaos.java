package net.donut.lab.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Pause;
import net.donut.lab.run.DonutLab;
import net.donut.lab.run.Narration;
import net.donut.model.IpAddress;

/// A run of storms over a lab that has its table. While a storm blows and until the lab is at rest
/// the [Lookout] looks; at rest [ChecksAtRest] are made. The run ends with the first thing that
/// does not hold.
///
/// Owned by the command's thread.
public final class Chaos {
  private static final Duration TICK = Duration.ofMillis(50);
  /* A link that failed again and again is held for up to a minute. */
  private static final Duration REST_LIMIT = Duration.ofSeconds(150);
  /* Neighbors that lost each other need a hold time and a retry to agree again. */
  private static final Duration RETURN_LIMIT = Duration.ofSeconds(60);

  private final DonutLab lab;
  private final Narration story;
  private final Announcers announcers;
  private final Injector injector;
  private final Lookout lookout;
  private final ChecksAtRest restChecks;
  private final long prefixes;
  private final List<Disturbance> done = new ArrayList<>();
  private Situation situation;

  /// What came of a run.
  ///
  /// @param done what was done, up to the end
  /// @param broken what did not hold, one line each
  public record StormResult(List<Disturbance> done, List<String> broken) {
    public StormResult {
      done = List.copyOf(done);
      broken = List.copyOf(broken);
    }

    public boolean holds() {
      return broken.isEmpty();
    }
  }

  /// Takes the lab as it is now for how it should be at rest.
  public Chaos(DonutLab lab, Narration story) {
    this.lab = lab;
    this.story = story;
    this.announcers = new Announcers(lab.topology(), lab.table());
    this.injector = new Injector(lab, story);
    this.lookout = new Lookout(lab);
    this.restChecks = new ChecksAtRest(lab);
    this.prefixes = lab.operator().status().getRoutes().getTotal();
    this.situation = new Situation(lab.topology());
  }

  /// Storms of a seed, one after the other, until the time is over; at least one.
  public StormResult random(long seed, Duration time) {
    StormDraw draw = new StormDraw(lab.topology(), announcers.all(), seed);
    long deadline = System.nanoTime() + time.toNanos();
    return run(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return done.isEmpty() || System.nanoTime() - deadline < 0;
          }

          @Override
          public List<Disturbance> next() {
            return draw.next();
          }
        });
  }

  /// Storms as an earlier run wrote them down, or what a shrinker left of them.
  public StormResult replay(List<Disturbance> disturbances) {
    Map<Integer, List<Disturbance>> storms = new TreeMap<>();
    for (Disturbance each : disturbances) {
      storms.computeIfAbsent(each.storm(), _ -> new ArrayList<>()).add(each);
    }
    return run(storms.values().iterator());
  }

  private StormResult run(Iterator<List<Disturbance>> storms) {
    List<String> broken = List.of();
    while (broken.isEmpty() && storms.hasNext()) {
      List<Disturbance> storm = storms.next();
      story.chapter("Storm " + storm.getFirst().storm());
      done.addAll(storm);
      broken = guarded(() -> outlast(storm));
    }
    if (broken.isEmpty()) {
      story.chapter("A fresh controller");
      broken = guarded(this::freshControllerDecidesTheSame);
    }
    broken.forEach(line -> story.tell("BROKEN: " + line));
    story.tell(lookout.summary());
    return new StormResult(done, broken);
  }

  private interface Check {
    List<String> run();
  }

  /// A lab that does not answer as it should is something that does not hold; an interrupt is not.
  private static List<String> guarded(Check check) {
    try {
      return check.run();
    } catch (LabException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e;
      }
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /// Looks at every way out there is, and at what the faults touch; nothing is excused yet.
  private List<String> startLooking(List<Disturbance> storm) {
    Set<IpAddress> addresses = restChecks.addressesOfClasses();
    storm.stream()
        .flatMap(each -> each.fault().prefixes())
        .forEach(prefix -> addresses.add(prefix.address()));
    lookout.lookAt(addresses, announcers);
    situation = new Situation(lab.topology());
    return look();
  }

  private List<String> look() {
    return lookout.look(situation);
  }

  private List<String> outlast(List<Disturbance> storm) {
    List<String> broken = startLooking(storm);
    broken = broken.isEmpty() ? blow(storm) : broken;
    broken = broken.isEmpty() ? awaitRest() : broken;
    broken = broken.isEmpty() ? restChecks.check() : broken;
    if (broken.isEmpty()) {
      story.tell(
          "at rest: kernel = intent, no hole, nothing has grown; %d addresses were looked at"
              .formatted(lookout.addresses()));
    }
    return broken;
  }

  /// A beginning or end of a fault.
  private record Turn(int atMillis, Runnable action) {}

  private List<String> blow(List<Disturbance> storm) {
    List<Turn> turns = new ArrayList<>();
    for (Disturbance each : storm) {
      turns.add(new Turn(each.atMillis(), () -> begin(each.fault())));
      turns.add(new Turn(each.endMillis(), () -> end(each.fault())));
    }
    turns.sort(Comparator.comparingInt(Turn::atMillis));
    long begun = System.nanoTime();
    for (Turn turn : turns) {
      List<String> broken = lookUntil(begun + turn.atMillis() * 1_000_000L);
      if (!broken.isEmpty()) {
        return broken;
      }
      turn.action().run();
    }
    return List.of();
  }

  private List<String> lookUntil(long nanos) {
    while (System.nanoTime() - nanos < 0) {
      List<String> broken = look();
      if (!broken.isEmpty()) {
        return broken;
      }
      Pause.of(TICK);
    }
    return List.of();
  }

  /// Told before it happens: nothing may look lost before its excuse is known.
  private void begin(Fault fault) {
    situation.begun(fault, System.nanoTime());
    injector.begin(fault);
  }

  private void end(Fault fault) {
    injector.end(fault);
    situation.ended(fault, System.nanoTime());
  }

  /// Looks until the lab is at rest.
  private List<String> awaitRest() {
    lab.neighbors().kickFeeds();
    LabAtRest rest = new LabAtRest(lab, prefixes);
    long deadline = System.nanoTime() + REST_LIMIT.toNanos();
    while (!rest.isReached(System.nanoTime())) {
      lab.requireAlive();
      List<String> broken = look();
      if (!broken.isEmpty()) {
        return broken;
      }
      story.progress("waiting for " + rest.waitingFor());
      if (System.nanoTime() - deadline > 0) {
        return List.of(
            "not at rest after %d s: waiting for %s"
                .formatted(REST_LIMIT.toSeconds(), rest.waitingFor()));
      }
      Pause.of(TICK);
    }
    return look();
  }

  /// With everything put right the kernels have what they had at first, also when a controller that
  /// knows nothing but what the agents tell it has decided.
  private List<String> freshControllerDecidesTheSame() {
    long deadline = System.nanoTime() + RETURN_LIMIT.toNanos();
    while (!restChecks.changes().isEmpty() && System.nanoTime() - deadline < 0) {
      story.progress("waiting for the neighbors to announce what they did at first");
      Pause.of(TICK);
    }
    List<String> broken = restChecks.changes();
    if (broken.isEmpty()) {
      Fault kill = new Fault.Kill(DonutLab.CONTROLLER);
      broken = outlast(List.of(new Disturbance(0, 0, 0, kill)));
    }
    return broken.isEmpty() ? restChecks.changes() : broken;
  }
}
