package net.donut.netlink;

import static net.donut.netlink.RtNetlink.AF_UNSPEC;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import org.jspecify.annotations.Nullable;

/// The kernel's tables as they are now. Owned by the thread of its socket.
///
/// A dump that the kernel marks as inconsistent, because the table changed under it, is taken
/// again.
public final class KernelView {
  private final TableQuery query;
  private final KernelDecoder decoder = new KernelDecoder();
  private final KernelRouteView view = new KernelRouteView();

  KernelView(NetlinkSocket socket) {
    query = new TableQuery(socket);
  }

  public List<KernelLink> links() {
    return list(
        RtNetlink.RTM_GETLINK,
        writer -> {
          writer.u8(AF_UNSPEC).u8(0).u16(0).u32(0).u32(0).u32(0);
          writer.attributeU32(RtNetlink.IFLA_EXT_MASK, RtNetlink.RTEXT_FILTER_SKIP_STATS);
        },
        decoder::link);
  }

  public List<KernelAddress> addresses() {
    return list(
        RtNetlink.RTM_GETADDR,
        writer -> writer.u8(AF_UNSPEC).u8(0).u8(0).u8(0).u32(0),
        decoder::address);
  }

  /// Links with their addresses.
  public List<KernelInterface> interfaces() {
    List<KernelAddress> addresses = addresses();
    return links().stream()
        .map(link ->
            new KernelInterface(
                link,
                addresses.stream()
                    .filter(address -> address.interfaceIndex() == link.index())
                    .toList()))
        .toList();
  }

  /// The neighbor tables of both families, entries of broadcast and multicast excepted.
  public List<KernelNeighbor> neighbors() {
    return list(
        RtNetlink.RTM_GETNEIGH,
        writer -> writer.u8(AF_UNSPEC).u8(0).u16(0).u32(0).u16(0).u8(0).u8(0),
        decoder::neighbor);
  }

  /// Next hops and groups, in the order of their ids.
  public List<NextHopObject> nextHops() {
    return list(
        RtNetlink.RTM_GETNEXTHOP,
        writer -> RequestEncoder.nextHopHeader(writer, AF_UNSPEC, 0, 0),
        decoder::nextHop);
  }

  /// One next hop or group; null when there is none of this id.
  public @Nullable NextHopObject nextHop(int id) {
    Collector<NextHopObject> sink = new Collector<>(decoder::nextHop);
    Outcome outcome =
        query.get(
            RtNetlink.RTM_GETNEXTHOP,
            writer -> {
              RequestEncoder.nextHopHeader(writer, AF_UNSPEC, 0, 0);
              writer.attributeU32(RtNetlink.NHA_ID, id);
            },
            sink);
    orThrowUnlessAbsent(outcome);
    return sink.values.isEmpty() ? null : sink.values.getFirst();
  }

  /// The buckets of a resilient group in their order: which next hop each uses now.
  public List<GroupBucket> buckets(int groupId) {
    return list(
        RtNetlink.RTM_GETNEXTHOPBUCKET,
        writer -> {
          RequestEncoder.nextHopHeader(writer, AF_UNSPEC, 0, 0);
          writer.attributeU32(RtNetlink.NHA_ID, groupId);
        },
        decoder::bucket);
  }

  /// Gives every route that passes the filter to the visitor; a table that does not exist has none.
  /// About a second for a million; no object a route.
  public void routes(RouteFilter filter, RouteVisitor visitor) {
    Outcome outcome =
        query.dump(
            RtNetlink.RTM_GETROUTE,
            writer -> {
              RequestEncoder.routeHeader(
                  writer,
                  filter.family(),
                  0,
                  filter.table(),
                  filter.protocol(),
                  RtNetlink.RT_SCOPE_UNIVERSE,
                  RouteType.UNSPECIFIED);
              if (filter.table() != 0) {
                writer.attributeU32(RtNetlink.RTA_TABLE, filter.table());
              }
            },
            new TableQuery.MessageSink() {
              @Override
              public void message(MemorySegment memory, long offset, int length) {
                if (view.read(memory, offset, length) && passes(filter)) {
                  visitor.route(view);
                }
              }

              @Override
              public void restart() {
                visitor.restart();
              }
            });
    orThrowUnlessAbsent(outcome);
  }

  private static void orThrowUnlessAbsent(Outcome outcome) {
    if (!(outcome instanceof Outcome.Refused(var error)) || error.errno() != Errno.ENOENT) {
      outcome.orThrow();
    }
  }

  /// A kernel older than strict checking ignores the filter.
  private boolean passes(RouteFilter filter) {
    return (filter.table() == 0 || filter.table() == view.table())
        && (filter.protocol() == 0 || filter.protocol() == view.protocol());
  }

  /// The routes that pass the filter, as values.
  public List<KernelRoute> routes(RouteFilter filter) {
    List<KernelRoute> routes = new ArrayList<>();
    routes(
        filter,
        new RouteVisitor() {
          @Override
          public void route(KernelRouteView route) {
            routes.add(route.toRoute());
          }

          @Override
          public void restart() {
            routes.clear();
          }
        });
    return routes;
  }

  /// The route that a packet to `destination` matches, with its next-hop object.
  public RouteLookup fibMatch(IpAddress destination) {
    return lookup(destination, RtNetlink.RTM_F_FIB_MATCH);
  }

  /// The interface and gateway that a packet to `destination` takes.
  public RouteLookup lookup(IpAddress destination) {
    return lookup(
        destination, destination.family() == Family.IPV4 ? RtNetlink.RTM_F_LOOKUP_TABLE : 0);
  }

  private RouteLookup lookup(IpAddress destination, int flags) {
    Collector<RouteLookup> sink =
        new Collector<>((memory, offset, length) ->
            view.readLookup(memory, offset, length)
                ? decoder.found(view, memory, offset, length)
                : null);
    Family family = destination.family();
    Outcome outcome =
        query.get(
            RtNetlink.RTM_GETROUTE,
            writer -> {
              writer.u8(RequestEncoder.addressFamily(family)).u8(family.bits()).u16(0);
              writer.u32(0).u32(flags);
              writer.attributeAddress(RtNetlink.RTA_DST, destination);
            },
            sink);
    return switch (outcome) {
      case Outcome.Accepted() when !sink.values.isEmpty() -> sink.values.getFirst();
      case Outcome.Accepted() ->
          throw new NetlinkException(
              "netlink RTM_GETROUTE " + destination + ": no route in answer");
      case Outcome.Refused(var error) -> new RouteLookup.Unreachable(error);
    };
  }

  /// One neighbor entry; null when there is none.
  public @Nullable KernelNeighbor neighbor(int interfaceIndex, IpAddress address) {
    Collector<KernelNeighbor> sink = new Collector<>(decoder::neighbor);
    query.get(
        RtNetlink.RTM_GETNEIGH,
        writer -> RequestEncoder.neighborHeader(writer, interfaceIndex, address, 0),
        sink);
    return sink.values.isEmpty() ? null : sink.values.getFirst();
  }

  boolean isManaged(int interfaceIndex, IpAddress address) {
    KernelNeighbor found = neighbor(interfaceIndex, address);
    return found != null && found.upkeep() == KernelNeighbor.Upkeep.MANAGED;
  }

  private <T> List<T> list(int type, TableQuery.Body body, Decoding<T> decoding) {
    Collector<T> sink = new Collector<>(decoding);
    Outcome outcome = query.dump(type, body, sink);
    outcome.orThrow();
    return sink.values;
  }

  /// Reads one message; null for one that is left out.
  private interface Decoding<T> {
    @Nullable T decode(MemorySegment memory, long offset, int length);
  }

  private static final class Collector<T> implements TableQuery.MessageSink {
    private final Decoding<T> decoding;
    private final List<T> values = new ArrayList<>();

    Collector(Decoding<T> decoding) {
      this.decoding = decoding;
    }

    @Override
    public void message(MemorySegment memory, long offset, int length) {
      T value = decoding.decode(memory, offset, length);
      if (value != null) {
        values.add(value);
      }
    }

    @Override
    public void restart() {
      values.clear();
    }
  }
}
