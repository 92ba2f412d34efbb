package net.donut.lab.bench;

/// A value that a bench measured.
///
/// @param key in JSON, with its unit
/// @param what for people
public record Measurement(String key, String what, double value) {}
