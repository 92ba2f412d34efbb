package net.donut.agent.fib;

import java.util.List;
import java.util.Locale;
import net.donut.model.Prefix;

/// One prefix of one network instance, as intended and as found in a kernel dump.
///
/// @param nextHopGroup the gRIBI id, 0 when it is not known
/// @param kernelGroup the kernel's next-hop id, 0 for none
/// @param error why it is not installed, empty if nothing is known
/// @param owner the routing protocol of a foreign route, empty for ours
public record InspectEntry(
    Prefix prefix,
    String networkInstance,
    long nextHopGroup,
    int kernelGroup,
    boolean intended,
    boolean inKernel,
    Status status,
    List<NextHop> nextHops,
    String error,
    String owner) {

  public InspectEntry {
    nextHops = List.copyOf(nextHops);
  }

  /// How an entry of the intent and the kernel agree.
  public enum Status {
    /// In the kernel as intended.
    INSTALLED,
    /// Intended, and not in the kernel or there with another group.
    MISSING,
    /// In the kernel under our protocol number, and not intended.
    UNEXPECTED,
    /// Somebody else's route stands at the same prefix and metric.
    CONFLICT,
    /// The kernel refused it.
    FAILED,
    /// No next hop of its group lives; it returns with the first that does.
    PENDING,
    /// Somebody else's route.
    FOREIGN;

    /// The word used in the API: lower case.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A member of a group and of its backups.
  ///
  /// @param address empty for none (a discard, or an interface only)
  /// @param interfaceName empty when it is not resolved
  /// @param rank 0 for the group itself, 1 for its backup group, and so on
  /// @param buckets buckets of the kernel's resilient group on it now
  public record NextHop(
      long index, String address, String interfaceName, int rank, int buckets, boolean alive) {}
}
