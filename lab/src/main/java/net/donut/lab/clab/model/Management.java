package net.donut.lab.clab.model;

/// The network that every node's `eth0` is in, as the file has it; empty texts are not given.
public record Management(
    String network,
    String bridge,
    String ipv4Subnet,
    String ipv4Gateway,
    String ipv6Subnet,
    String ipv6Gateway,
    int mtu,
    Place place) {}
