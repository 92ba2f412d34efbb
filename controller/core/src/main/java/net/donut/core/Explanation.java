package net.donut.core;

import java.util.List;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;

/// Why an address goes where it goes at one router: every prefix that contains it, longest first.
public record Explanation(IpAddress address, String router, List<Covering> chain) {

  public Explanation {
    chain = List.copyOf(chain);
  }

  /// One covering prefix. `selected` is the one that forwards the address; the others are passed
  /// over. `group` is the group id at the router, 0 when there is no route.
  public record Covering(
      Prefix prefix,
      Selection selection,
      List<PathView> paths,
      int classId,
      long group,
      List<NumberedHop> hops,
      List<ExcludedBackup> excluded) {
    public Covering {
      paths = List.copyOf(paths);
      hops = List.copyOf(hops);
      excluded = List.copyOf(excluded);
    }
  }

  /// The part of a prefix in forwarding the address.
  public enum Selection {
    /// It forwards the address.
    SELECTED,
    /// A longer prefix forwards the address.
    SHORTER,
    /// It would forward the address but is not programmed: nothing accepted, or no live hop.
    NOT_PROGRAMMED
  }

  /// An exit of the exit list that gives no hop, and why.
  public record ExcludedBackup(String neighbor, String reason) {}
}
