package net.donut.core.decision;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import org.jspecify.annotations.Nullable;

/// The decision among the paths of one prefix, with the reason why each of them lost. Pure.
///
/// The engine runs the same rounds on arrays; this is their face for questions, tests and whoever
/// wants the plain decision of RFC 4271.
public final class BestPath {

  /// The interior cost of a path that leaves the network at this router.
  public static final int EXTERNAL = Elimination.EXTERNAL;

  private BestPath() {}

  /// What operators said of a path.
  public enum Word {
    NONE,
    /// Another neighbor was chosen for the prefix.
    PASSED_OVER,
    /// Its neighbor is being drained.
    DRAINED
  }

  /// Whether the path announces its own end (RFC 8326).
  public enum Shutdown {
    NONE,
    GRACEFUL
  }

  /// A path as the decision sees it. `band` is 0..7, lower wins; `preference` 0..4294967295, higher
  /// wins; `med` 0 where absent; `neighborAs` is what MED may be compared within; `interiorCost` is
  /// [#EXTERNAL] or 0 and up; `bgpIdentifier` is null where not known, which is last.
  public record Candidate(
      String name,
      Word word,
      int band,
      Shutdown shutdown,
      long preference,
      int asPathLength,
      Origin origin,
      long med,
      int neighborAs,
      int interiorCost,
      @Nullable IpAddress bgpIdentifier,
      IpAddress address) {

    long rank() {
      return Rank.of(band, shutdown, preference, asPathLength, origin) | Rank.of(word);
    }
  }

  /// What became of a candidate: `lostAt` and `lostTo` are null for the winner.
  public record Result(Candidate candidate, @Nullable Step lostAt, @Nullable Candidate lostTo) {}

  /// The order of the last steps: BGP identifier, address, name.
  static final Comparator<Candidate> TIE_ORDER =
      Comparator.comparing(
              Candidate::bgpIdentifier, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Candidate::address)
          .thenComparing(Candidate::name);

  /// Decides. The results are in the order of the candidates; exactly one has won unless there are
  /// none.
  public static List<Result> decide(List<Candidate> candidates) {
    if (candidates.isEmpty()) {
      return List.of();
    }
    Elimination rounds = load(candidates);
    int winner = rounds.winner();
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      Candidate best = candidates.get(winner);
      results.add(
          switch (rounds.lostAt(i, winner)) {
            case null -> new Result(candidate, null, null);
            case MED -> new Result(candidate, Step.MED, candidates.get(rounds.removedByMed(i)));
            case ROUTER_ID -> new Result(candidate, tieStep(candidate, best), best);
            case Step step -> new Result(candidate, step, best);
          });
    }
    return results;
  }

  /// All candidates in the order in which each wins when those before it are gone.
  public static List<Candidate> order(List<Candidate> candidates) {
    Elimination rounds = load(candidates);
    int[] places = new int[candidates.size()];
    int found = rounds.places(places, places.length);
    List<Candidate> ordered = new ArrayList<>();
    for (int i = 0; i < found; i++) {
      ordered.add(candidates.get(places[i]));
    }
    return ordered;
  }

  private static Elimination load(List<Candidate> candidates) {
    List<Candidate> tieOrder = new ArrayList<>(candidates);
    Collections.sort(tieOrder, TIE_ORDER);
    Elimination rounds = new Elimination();
    rounds.start(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      rounds.set(
          i,
          candidate.rank(),
          candidate.med(),
          candidate.neighborAs(),
          tieOrder.indexOf(candidate));
      rounds.setCost(i, candidate.interiorCost());
    }
    return rounds;
  }

  private static Step tieStep(Candidate loser, Candidate winner) {
    IpAddress lost = loser.bgpIdentifier();
    IpAddress won = winner.bgpIdentifier();
    if (lost == null ? won != null : !lost.equals(won)) {
      return Step.ROUTER_ID;
    }
    return loser.address().equals(winner.address()) ? Step.NAME : Step.NEIGHBOR_ADDRESS;
  }
}
