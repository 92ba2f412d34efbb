package net.donut.controller.rib;

import java.util.List;
import java.util.Set;
import net.donut.controller.state.SavedOverride;

/// What operators said beside the policy, as kept over restarts: neighbors that are drained, and
/// prefixes that leave by another neighbor for a time.
public record OperatorWords(Set<String> drained, List<SavedOverride> overrides) {
  public OperatorWords {
    drained = Set.copyOf(drained);
    overrides = List.copyOf(overrides);
  }
}
