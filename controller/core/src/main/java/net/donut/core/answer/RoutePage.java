package net.donut.core.answer;

import java.util.List;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// Some prefixes; `next` is what the next query continues after, null at the end.
public record RoutePage(List<RouteView> routes, @Nullable Prefix next) {
  public RoutePage {
    routes = List.copyOf(routes);
  }
}
