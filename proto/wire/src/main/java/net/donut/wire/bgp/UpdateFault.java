package net.donut.wire.bgp;

/// What was wrong with an attribute of an UPDATE and what was done about it (RFC 7606 §2).
///
/// @param attribute type code 0..255 of the attribute, 0 when none
/// @param message value and expectation, such as `ORIGIN value: 7 (expected: 0..2)`
public record UpdateFault(Action action, int attribute, String message) {

  /// From harmless to severe.
  public enum Action {
    DISCARD_ATTRIBUTE,
    TREAT_AS_WITHDRAW
  }
}
