package net.donut.core.answer;

import java.util.Map;
import net.donut.model.Relation;

/// How many prefixes and paths there are.
///
/// A prefix counts when a path of it is accepted; its relation is that of its best path, at the
/// first router that forwards it. `protectedPrefixes` have a backup at every router that forwards
/// them out of the network itself. `holes` are as in [Coverage]. `paths` are all heard, rejected
/// ones included; `pathsByRelation` only accepted ones.
public record Counts(
    long prefixes,
    long direct,
    long transit,
    long protectedPrefixes,
    long holes,
    long paths,
    long accepted,
    Map<Relation, Long> prefixesByRelation,
    Map<Relation, Long> pathsByRelation,
    long attributeSets,
    long classes) {

  public Counts {
    prefixesByRelation = Map.copyOf(prefixesByRelation);
    pathsByRelation = Map.copyOf(pathsByRelation);
  }

  /// The share of prefixes whose best path is direct, 0..1; 0 when there are none.
  public double donutRatio() {
    return prefixes == 0 ? 0 : (double) direct / prefixes;
  }
}
