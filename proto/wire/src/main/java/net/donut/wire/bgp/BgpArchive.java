package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import org.jspecify.annotations.Nullable;

/// Reads what a collector stored: the same codec without the checks that only a live session needs
/// (AS 0, next hops nobody can send to), and with the attributes that are for internal neighbors
/// kept.
public final class BgpArchive {
  /// The next hop of a stored route whose dump does not say it: 255.255.255.255, which no route
  /// has. Some routers leave the next hop out of their IPv6 tables.
  public static final IpAddress NO_NEXT_HOP = IpAddress.ofIpv4(-1);

  private static final int UPDATE_ERROR = 3;

  private BgpArchive() {}

  /// A stored message, and the path identifiers of an update's prefixes, first those of its
  /// withdrawals, then those of its announcements, in their order; empty where none were agreed.
  /// `multicast` has the routes of SAFI 2 of an update, which are for another table.
  public record StoredMessage(BgpMessage message, int[] pathIds, BgpMessage.Update multicast) {}

  /// The attributes of a stored table entry, null when RFC 7606 does not let a route have them;
  /// `faults` says why.
  public record StoredAttributes(@Nullable PathAttributes attributes, List<UpdateFault> faults) {}

  /// How a stored message is to be read: numbers of 4 octets and path identifiers as the record
  /// says, any size.
  public static SessionOptions options(boolean fourOctetAs, boolean addPath) {
    return new SessionOptions(fourOctetAs, true, addPath, addPath, true);
  }

  /// Reads one whole message, header included. Throws [BgpFault] when nothing of it can be used.
  ///
  /// Some collectors stored path identifiers without saying so, and some cut messages: when an
  /// update cannot be read as it should, it is read with path identifiers, and then up to the first
  /// prefix that is not whole.
  public static StoredMessage message(ByteBuf message, SessionOptions options) {
    int start = message.readerIndex();
    try {
      return read(message, options, AttributeSet.Source.ARCHIVED_MESSAGE);
    } catch (BgpFault fault) {
      if (fault.notification().code() != UPDATE_ERROR) {
        throw fault;
      }
      StoredMessage second = salvage(message.readerIndex(start), options);
      if (second == null) {
        throw fault;
      }
      return second;
    }
  }

  private static StoredMessage read(
      ByteBuf message, SessionOptions options, AttributeSet.Source source) {
    UpdateDecoder.Result result = BgpDecoder.decode(message, options, source);
    return new StoredMessage(result.message(), result.pathIds(), result.multicast());
  }

  private static @Nullable StoredMessage salvage(ByteBuf message, SessionOptions options) {
    int start = message.readerIndex();
    try {
      SessionOptions withPathIds = options(options.fourOctetAs(), true);
      return read(message, withPathIds, AttributeSet.Source.ARCHIVED_MESSAGE);
    } catch (BgpFault _) {
      message.readerIndex(start);
    }
    try {
      return read(message, options, AttributeSet.Source.SALVAGED_MESSAGE);
    } catch (BgpFault _) {
      return null; // the caller has the fault of the first attempt
    }
  }

  /// Reads the body of a message, all readable bytes of `body`, whose type is known from elsewhere
  /// (1 OPEN .. 5 ROUTE-REFRESH). Throws [BgpFault] when nothing of it can be used.
  public static StoredMessage body(int type, ByteBuf body, SessionOptions options) {
    ByteBuf whole = Unpooled.buffer(Header.BYTES + body.readableBytes());
    int start = Header.begin(type, whole);
    whole.writeBytes(body);
    Header.finish(start, whole);
    return message(whole, options);
  }

  /// Reads the attributes of a table entry of `family`, all readable bytes of `in` (RFC 6396 §4.2,
  /// §4.3.4). Throws [BgpFault] when they cannot be told apart.
  public static StoredAttributes attributes(ByteBuf in, Family family, SessionOptions options) {
    AttributeSet set = new AttributeSet(options, AttributeSet.Source.ARCHIVED_ENTRY);
    AttributeCodecs.readAll(in, in.writerIndex(), set);
    AttributeSet.Reach reach = set.reach;
    IpAddress classic = set.nextHop;
    set.assumeOriginAndPath();
    if (set.worst() == AttributeSet.Severity.WITHDRAW) {
      return new StoredAttributes(null, List.copyOf(set.faults()));
    }
    PathAttributes attributes =
        reach != null && (family == Family.IPV6 || classic == null)
            ? set.build(reach.nextHop(), reach.linkLocal())
            : set.build(classic == null ? NO_NEXT_HOP : classic, null);
    return new StoredAttributes(attributes, List.copyOf(set.faults()));
  }
}
