package net.donut.controller.state;

import java.time.Instant;
import net.donut.model.Prefix;

/// An override as it is kept over restarts: a prefix leaves by this neighbor until a time of day.
public record SavedOverride(Prefix prefix, String neighbor, Instant until) {}
