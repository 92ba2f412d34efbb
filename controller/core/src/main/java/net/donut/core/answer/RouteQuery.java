package net.donut.core.answer;

import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// Which prefixes to list, sorted, at most `limit` a page, those after `after` (null: from the
/// first). Null conditions are not applied: `prefix` with [Match], paths heard from `neighbor`
/// only, prefixes whose best path is of `relation`.
public record RouteQuery(
    @Nullable Prefix prefix,
    Match match,
    @Nullable String neighbor,
    @Nullable Relation relation,
    int limit,
    @Nullable Prefix after) {

  /// How a prefix of the table relates to the one asked for.
  public enum Match {
    EXACT,
    /// It or a more specific one.
    LONGER
  }

  public RouteQuery {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: 1 or more)");
    }
  }

  /// Every prefix, the first page.
  public static RouteQuery all(int limit) {
    return new RouteQuery(null, Match.LONGER, null, null, limit, null);
  }

  /// The page that follows one that ended with `last`.
  public RouteQuery from(Prefix last) {
    return new RouteQuery(prefix, match, neighbor, relation, limit, last);
  }
}
