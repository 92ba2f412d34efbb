package net.donut.agent.rib;

import net.donut.model.Prefix;

/// A route that the neighbor is not told, as the shortest UPDATE for it has `bytes` and the
/// neighbor takes `limit`.
public record Withheld(Prefix prefix, int bytes, int limit) {}
