package net.donut.core.answer;

import net.donut.core.decision.Step;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// The best path of a prefix at a router. `neighbor` is the number that
/// [net.donut.core.Engine#neighbor] gives, 0 for our own networks; `decidedBy` is the step at which
/// the last other path lost, null when there was no other.
public record BestRoute(
    Prefix prefix, int neighbor, PathAttributes attributes, @Nullable Step decidedBy) {

  /// The word used in output for the deciding step: that of [Step], or `only-path`.
  public String decidedWord() {
    return decidedBy == null ? "only-path" : decidedBy.word();
  }
}
