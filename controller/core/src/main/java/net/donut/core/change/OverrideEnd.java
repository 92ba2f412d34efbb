package net.donut.core.change;

import net.donut.model.Prefix;

/// Where a prefix goes at a router when its override ends: the group that it would be on without
/// one. Group 0 when there is none, or no override any more.
public record OverrideEnd(Prefix prefix, long group, long until) {}
