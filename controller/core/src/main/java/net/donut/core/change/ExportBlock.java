package net.donut.core.change;

import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// What to tell a neighbor about prefixes of one family.
public sealed interface ExportBlock {
  String neighbor();

  Prefixes prefixes();

  /// Announce with these attributes: our AS is prepended, LOCAL_PREF and MED are gone. The next hop
  /// is the unspecified address of the family: the session puts its own.
  record Announce(String neighbor, Prefixes prefixes, PathAttributes attributes)
      implements ExportBlock {}

  record Withdraw(String neighbor, Prefixes prefixes) implements ExportBlock {}
}
