package net.donut.bgp;

import net.donut.model.Prefix;

/// A route that a neighbor announced in a malformed UPDATE, and that was withdrawn for it (RFC 7606
/// §2).
///
/// @param fault attribute, value and what is expected, such as `ORIGIN value: 7 (expected: 0..2)`
public record MalformedRoute(Prefix prefix, String fault, ClockReading at) {}
