package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import org.jspecify.annotations.Nullable;

/// Reads what a collector stored: the same codec without the checks that only a live session needs
/// (AS 0, next hops nobody can send to), and with the attributes that are for internal neighbors
/// kept.
public final class BgpArchive {
  private BgpArchive() {}

  /// A stored message, and the path identifiers of an update's prefixes, first those of its
  /// withdrawals, then those of its announcements, in their order; empty where none were agreed.
  public record StoredMessage(BgpMessage message, int[] pathIds) {}

  /// The attributes of a stored table entry, null when RFC 7606 does not let a route have them;
  /// `faults` says why.
  public record StoredAttributes(@Nullable PathAttributes attributes, List<UpdateFault> faults) {}

  /// How a stored message is to be read: numbers of 4 octets and path identifiers as the record
  /// says, any size.
  public static SessionOptions options(boolean fourOctetAs, boolean addPath) {
    return new SessionOptions(fourOctetAs, true, addPath, addPath, true);
  }

  /// Reads one whole message, header included. Throws [BgpFault] when nothing of it can be used.
  public static StoredMessage message(ByteBuf message, SessionOptions options) {
    UpdateDecoder.Result result =
        BgpDecoder.decode(message, options, AttributeSet.Source.ARCHIVED_MESSAGE);
    return new StoredMessage(result.message(), result.pathIds());
  }

  /// Reads the attributes of a table entry of `family`, all readable bytes of `in` (RFC 6396 §4.2,
  /// §4.3.4). Throws [BgpFault] when they cannot be told apart.
  public static StoredAttributes attributes(ByteBuf in, Family family, SessionOptions options) {
    AttributeSet set = new AttributeSet(options, AttributeSet.Source.ARCHIVED_ENTRY);
    AttributeTable.readAll(in, in.writerIndex(), set);
    AttributeSet.Reach reach = set.reach;
    IpAddress classic = set.nextHop;
    boolean useReach = reach != null && (family == Family.IPV6 || classic == null);
    set.requireMandatory(!useReach);
    if (set.worst() == AttributeSet.Severity.WITHDRAW) {
      return new StoredAttributes(null, set.faults());
    }
    if (useReach && reach != null) {
      return new StoredAttributes(
          set.build(reach.nextHop(), reach.linkLocal()), List.copyOf(set.faults()));
    }
    if (classic == null) {
      throw new IllegalStateException("NEXT_HOP missing");
    }
    return new StoredAttributes(set.build(classic, null), List.copyOf(set.faults()));
  }
}
