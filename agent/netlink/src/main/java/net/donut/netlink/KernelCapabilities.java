package net.donut.netlink;

import java.time.Duration;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;

/// What the running kernel can do, found by trying. See [#probe].
public record KernelCapabilities(
    Support nextHopObjects,
    Support resilientGroups,
    Support wideWeights,
    Support managedNeighbors,
    Support extendedAck) {

  /// Whether the kernel can do it.
  public sealed interface Support {
    record Present() implements Support {}

    /// @param reason what the kernel said
    record Absent(String reason) implements Support {}

    default boolean isPresent() {
      return this instanceof Present;
    }
  }

  /* High in the id space, where nobody counts up to; taken with CREATE, so nobody's object is hit. */
  private static final int PROBE_HOP = 0xfffd_0000;
  private static final int PROBE_GROUP = 0xfffd_0001;
  /* Of the discard prefix (RFC 6666). Not IPv4: the kernel keys every IPv4 neighbor of a loopback
   * interface as 0.0.0.0, so the entry could not be found again. */
  private static final IpAddress PROBE_NEIGHBOR = IpAddress.parse("100::fffd:0");
  private static final int PROBE_PROTOCOL = 64;

  /// Tries each capability on a temporary object in the socket's namespace: a blackhole next hop, a
  /// group on it, a neighbor on the loopback interface. Nothing stays behind.
  public static KernelCapabilities probe(NetlinkSocket socket) {
    Outcome hop =
        socket.execute(
            new Request.PutNextHop(
                new KernelNextHop.Blackhole(PROBE_HOP, Family.IPV4, PROBE_PROTOCOL),
                WriteMode.CREATE));
    try {
      KernelGroup.Resilient resilient = new KernelGroup.Resilient(1, Duration.ZERO, Duration.ZERO);
      return new KernelCapabilities(
          support(hop),
          group(socket, hop, 1, resilient),
          group(socket, hop, 257, new KernelGroup.HashThreshold()),
          managed(socket),
          extendedAck(socket));
    } finally {
      if (hop instanceof Outcome.Accepted) {
        socket.execute(new Request.DeleteNextHop(PROBE_HOP));
      }
    }
  }

  /// What is left of it on a kernel before 5.13: neither resilient groups nor weights above 256.
  public KernelCapabilities before513() {
    Support absent = new Support.Absent("not to be used");
    return new KernelCapabilities(nextHopObjects, absent, absent, managedNeighbors, extendedAck);
  }

  private static Support group(
      NetlinkSocket socket, Outcome hop, int weight, KernelGroup.Kind kind) {
    if (hop instanceof Outcome.Refused(var error)) {
      return new Support.Absent(error.message());
    }
    Outcome outcome =
        socket.execute(
            new Request.PutNextHop(
                new KernelGroup(
                    PROBE_GROUP,
                    List.of(new KernelGroup.Member(PROBE_HOP, weight)),
                    kind,
                    PROBE_PROTOCOL),
                WriteMode.CREATE));
    if (outcome instanceof Outcome.Accepted) {
      boolean kept =
          socket.view().nextHop(PROBE_GROUP) instanceof KernelGroup group
              && group.kind().equals(kind)
              && group.members().getFirst().weight() == weight;
      socket.execute(new Request.DeleteNextHop(PROBE_GROUP));
      return kept ? new Support.Present() : new Support.Absent("taken but not kept by the kernel");
    }
    return support(outcome);
  }

  private static Support managed(NetlinkSocket socket) {
    int loopback =
        socket.view().links().stream()
            .filter(KernelLink::isLoopback)
            .mapToInt(KernelLink::index)
            .findFirst()
            .orElse(1);
    Outcome outcome =
        socket.execute(
            new Request.PutNeighbor(loopback, PROBE_NEIGHBOR, KernelNeighbor.Upkeep.MANAGED));
    if (outcome instanceof Outcome.Accepted) {
      boolean kept = socket.view().isManaged(loopback, PROBE_NEIGHBOR);
      socket.execute(new Request.DeleteNeighbor(loopback, PROBE_NEIGHBOR));
      return kept ? new Support.Present() : new Support.Absent("taken but not kept by the kernel");
    }
    return support(outcome);
  }

  /// Deletes a next hop that is not there: a kernel with extended acks or not refuses it; the
  /// former explains malformed requests, so a route to no known object is asked for.
  private static Support extendedAck(NetlinkSocket socket) {
    Outcome outcome =
        socket.execute(
            new Request.PutNextHop(
                new KernelGroup(
                    PROBE_GROUP,
                    List.of(new KernelGroup.Member(PROBE_GROUP + 1, 1)),
                    new KernelGroup.HashThreshold(),
                    PROBE_PROTOCOL),
                WriteMode.CREATE));
    return outcome instanceof Outcome.Refused(var error) && !error.text().isEmpty()
        ? new Support.Present()
        : new Support.Absent("a refusal came without text");
  }

  private static Support support(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted() -> new Support.Present();
      case Outcome.Refused(var error) -> new Support.Absent(error.message());
    };
  }
}
