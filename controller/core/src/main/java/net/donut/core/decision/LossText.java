package net.donut.core.decision;

import java.util.Locale;
import net.donut.model.Asn;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// Why a path lost the decision, as text: what it lost on, with its own value and the value of the
/// path that it lost to. Made when somebody asks; nothing of it is kept.
public final class LossText {
  private LossText() {}

  /// A path with what the text names of its neighbor.
  ///
  /// @param router where the path leaves our network; empty for our own network
  public record Side(BestPath.Candidate path, Relation relation, String router) {
    private String who() {
      return relation == Relation.OWN ? "our own network" : path.name();
    }
  }

  /// Such as `worse relation (transit) than tier2a (private peer)`.
  public static String of(Step step, Side lost, Side won) {
    BestPath.Candidate loser = lost.path();
    BestPath.Candidate winner = won.path();
    String who = won.who();
    return switch (step) {
      case DRAINED -> "drained by an operator, and %s is not".formatted(who);
      case OVERRIDE -> "an operator sends this prefix by %s for a time".formatted(who);
      case BAND ->
          won.relation() == Relation.OWN
              ? "worse relation (%s) than %s".formatted(people(lost.relation()), who)
              : compared("worse relation", people(lost.relation()), who, people(won.relation()));
      case GRACEFUL_SHUTDOWN ->
          "announces its own shutdown (community 65535:0), and %s does not".formatted(who);
      case PREFERENCE -> compared("lower preference", loser.preference(), who, winner.preference());
      case AS_PATH_LENGTH ->
          compared("longer AS path", loser.asPathLength(), who, winner.asPathLength());
      case ORIGIN -> compared("worse origin", people(loser.origin()), who, people(winner.origin()));
      case MED ->
          compared("higher MED", loser.med(), who, winner.med())
              + ", both from AS"
              + Asn.text(loser.neighborAs());
      case EXTERNAL ->
          "leaves by another router (%s), and %s by this one".formatted(lost.router(), who);
      case INTERIOR_COST ->
          compared(
              "higher internal cost", cost(loser.interiorCost()), who, cost(winner.interiorCost()));
      case ROUTER_ID ->
          compared(
              "higher router ID",
              people(loser.bgpIdentifier()),
              who,
              people(winner.bgpIdentifier()));
      case NEIGHBOR_ADDRESS ->
          compared("higher neighbor address", loser.address(), who, winner.address());
      case NAME -> "all else is equal, and %s is first in the alphabet".formatted(who);
    };
  }

  private static String compared(String what, Object lost, String who, Object won) {
    return "%s (%s) than %s (%s)".formatted(what, lost, who, won);
  }

  private static String people(Relation relation) {
    return relation.word().replace('-', ' ');
  }

  private static String people(Origin origin) {
    return origin.name().toLowerCase(Locale.ROOT);
  }

  private static String people(@Nullable IpAddress identifier) {
    return identifier == null ? "not known" : identifier.toString();
  }

  private static String cost(int cost) {
    return cost == Integer.MAX_VALUE ? "no way there" : Integer.toString(cost);
  }
}
