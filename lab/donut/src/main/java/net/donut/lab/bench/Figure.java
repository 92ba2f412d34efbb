package net.donut.lab.bench;

/// A measured value.
///
/// @param key in JSON, with its unit
/// @param what for people
public record Figure(String key, String what, double value) {}
