package net.donut.model;

/// The ORIGIN attribute (RFC 4271 §5.1.1), in the order of preference: the ordinal is the wire
/// code.
public enum Origin {
  IGP,
  EGP,
  INCOMPLETE
}
