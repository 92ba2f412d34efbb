package net.donut.model;

/// The AGGREGATOR attribute (RFC 4271 §5.1.7): who aggregated; `asn` 0..4294967295, `address` IPv4.
public record Aggregator(long asn, IpAddress address) {}
