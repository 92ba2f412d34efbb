package net.donut.core.answer;

import java.util.List;
import java.util.Map;
import net.donut.model.AsPath;
import net.donut.model.Prefix;

/// What policy refused of the paths heard, by reason, with the first few in the order of prefixes;
/// and what the RPKI says of each pair of prefix and origin heard, refused or not.
public record Refusals(List<Refusal> refusals, Map<OriginValidity, Long> origins) {
  public Refusals {
    refusals = List.copyOf(refusals);
    origins = Map.copyOf(origins);
  }

  /// All paths refused for one reason.
  public record Refusal(RejectReason reason, long paths, List<Example> examples) {
    public Refusal {
      examples = List.copyOf(examples);
    }
  }

  /// One refused path.
  public record Example(Prefix prefix, String neighbor, AsPath path) {}
}
