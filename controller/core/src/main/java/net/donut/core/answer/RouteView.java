package net.donut.core.answer;

import java.util.List;
import net.donut.model.Prefix;

/// A prefix and its paths in the order of the decision, rejected ones last.
public record RouteView(Prefix prefix, List<PathView> paths) {
  public RouteView {
    paths = List.copyOf(paths);
  }
}
