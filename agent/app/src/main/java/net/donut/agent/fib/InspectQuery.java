package net.donut.agent.fib;

import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// Which entries an inspection returns; the summary is always of everything.
public sealed interface InspectQuery {
  /// No entries.
  record Summary() implements InspectQuery {}

  /// Every entry, of the intent and of the kernel under our protocol number.
  record All() implements InspectQuery {}

  /// Only entries where intent and kernel differ.
  record Drift() implements InspectQuery {}

  /// Entries, foreign ones too, that contain an address, longest first.
  record Address(IpAddress address) implements InspectQuery {}

  /// The entry of a prefix and those that cover it, longest first.
  record Covering(Prefix prefix) implements InspectQuery {}
}
