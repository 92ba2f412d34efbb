package net.donut.core;

import net.donut.model.IpAddress;

/// A next hop that does not answer for its hardware address, on an interface of a router that is
/// up.
public record SilentGateway(String interfaceName, IpAddress address) {}
