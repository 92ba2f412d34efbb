package net.donut.core.change;

/// A hop of a router with its index: positive, made from the content of the hop, so that it is the
/// same after a restart; never given to another hop in the life of the engine.
public record NumberedHop(int index, Hop hop) {}
