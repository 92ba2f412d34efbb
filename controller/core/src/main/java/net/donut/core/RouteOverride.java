package net.donut.core;

import net.donut.model.Prefix;

/// An operator's word: for a time a prefix leaves by this neighbor wherever it has an accepted path
/// from it, whatever the decision says. `until` is a time of the caller's clock, in nanoseconds;
/// the engine only passes it on.
public record RouteOverride(Prefix prefix, String neighbor, long until) {}
