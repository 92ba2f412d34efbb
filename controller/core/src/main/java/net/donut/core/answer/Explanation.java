package net.donut.core.answer;

import java.util.List;
import net.donut.core.change.NumberedHop;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import net.donut.model.Relation;
import org.jspecify.annotations.Nullable;

/// Why an address goes where it goes at one router: every prefix that contains it, longest first.
public record Explanation(IpAddress address, String router, List<Covering> chain) {

  public Explanation {
    chain = List.copyOf(chain);
  }

  /// One covering prefix. `selected` is the one that forwards the address; the others are passed
  /// over. `group` is the group id at the router, 0 when there is no route. `carriers` say of each
  /// of the `hops` who takes a packet that is sent there now.
  public record Covering(
      Prefix prefix,
      Selection selection,
      List<PathView> paths,
      int classId,
      long group,
      List<NumberedHop> hops,
      List<Carrier> carriers,
      List<ExcludedBackup> excluded) {
    public Covering {
      paths = List.copyOf(paths);
      hops = List.copyOf(hops);
      carriers = List.copyOf(carriers);
      excluded = List.copyOf(excluded);
    }
  }

  /// The neighbor that takes a packet in the end, at which router, and the routers of ours that it
  /// passes before. Without a neighbor nobody takes it.
  public record Carrier(
      @Nullable String neighbor,
      @Nullable Relation relation,
      @Nullable String router,
      List<String> passes) {
    public Carrier {
      passes = List.copyOf(passes);
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
