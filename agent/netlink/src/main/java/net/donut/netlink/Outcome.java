package net.donut.netlink;

/// The kernel's answer to one request.
public sealed interface Outcome {

  /// The kernel did it.
  record Accepted() implements Outcome {}

  record Refused(NetlinkError error) implements Outcome {}

  /// Does nothing when accepted. Throws [NetlinkException] with the error's text when refused.
  default void orThrow() {
    switch (this) {
      case Accepted() -> {}
      case Refused(var error) -> throw error.toException();
    }
  }
}
