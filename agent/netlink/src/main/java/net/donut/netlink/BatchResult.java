package net.donut.netlink;

import java.util.List;

/// What the kernel did with the entries of a batch: everything not listed as refused was done.
///
/// A refusal with ENOBUFS means that the kernel's answer to this entry was lost; whether it was
/// done is unknown until a dump.
///
/// @param entries how many entries the batch had
/// @param refusals in the order of the entries
public record BatchResult(int entries, List<Refusal> refusals) {
  public BatchResult {
    refusals = List.copyOf(refusals);
  }

  /// A refused entry.
  ///
  /// @param index the entry's position in the batch, from 0, as its `put` returned it
  public record Refusal(int index, NetlinkError error) {}

  public int accepted() {
    return entries - refusals.size();
  }

  /// Does nothing when every entry was accepted. Throws [NetlinkException] with the first refusal's
  /// text and the number of refusals otherwise.
  public void orThrow() {
    if (!refusals.isEmpty()) {
      NetlinkError first = refusals.getFirst().error();
      throw new NetlinkException(
          first.message() + " (refused: " + refusals.size() + " of " + entries + ")",
          first.errno());
    }
  }
}
