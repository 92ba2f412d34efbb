package net.donut.agent.fib;

/// What became of the end of a synchronization.
///
/// @param routes adopted routes that nobody asked for again, which go now or were refused to go
/// @param refusal why they stay; empty when they go
public record SweepAnswer(long routes, String refusal) {}
