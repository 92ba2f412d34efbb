package net.donut.wire.bgp;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Prefixes;
import net.donut.wire.bgp.AttributeSet.Severity;
import org.jspecify.annotations.Nullable;

/// Reads UPDATE (RFC 4271 §4.3) and decides what a malformed one costs (RFC 7606).
final class UpdateDecoder {

  /* The order of checks follows RFC 7606: the fields must fit into the message, and all NLRI must be
   * readable (§3 j, §5.3), or nothing can be saved and a BgpFault is thrown. Then the worst fault of
   * any attribute decides (§3 h): withdraw every route the message announces, or go on without the
   * attribute. §5.2: when there is no reachable NLRI to withdraw, we may have lost sight of it, and
   * the session ends after all. Here: unless all that is wrong is the flags of MP_UNREACH_NLRI, and
   * it has been read: then what the message is about is known, and withdrawn as it says.
   */

  private static final int LENGTH_BYTES = 2;

  /// An update and the path identifiers of its prefixes, first those of the withdrawals, then those
  /// of the announcements; empty where none were agreed. `multicast` has the routes of SAFI 2.
  record Result(BgpMessage message, int[] pathIds, BgpMessage.Update multicast) {
    static final BgpMessage.Update NOTHING = new BgpMessage.Update(List.of(), List.of(), List.of());

    static Result of(BgpMessage message) {
      return new Result(message, new int[0], NOTHING);
    }
  }

  private final AttributeSet attributes;
  private final Nlri.Block withdrawn;
  private final Nlri.Block announced;

  private UpdateDecoder(AttributeSet attributes, Nlri.Block withdrawn, Nlri.Block announced) {
    this.attributes = attributes;
    this.withdrawn = withdrawn;
    this.announced = announced;
  }

  /// Reads the body of an UPDATE that ends at index `end`.
  static Result read(ByteBuf in, int end, SessionOptions options, AttributeSet.Source source) {
    int withdrawnLength = in.readUnsignedShort();
    if (withdrawnLength + LENGTH_BYTES > end - in.readerIndex()) {
      throw overrun("withdrawn routes length", withdrawnLength, end - in.readerIndex() - 2);
    }
    AttributeSet attributes = new AttributeSet(options, source);
    Nlri.Block withdrawn = readIpv4(in, in.readerIndex() + withdrawnLength, attributes);
    int attributesLength = in.readUnsignedShort();
    if (attributesLength > end - in.readerIndex()) {
      throw overrun("total path attribute length", attributesLength, end - in.readerIndex());
    }
    AttributeCodecs.readAll(in, in.readerIndex() + attributesLength, attributes);
    Nlri.Block announced = readIpv4(in, end, attributes);
    if (withdrawnLength == 0 && attributesLength == 0 && announced.prefixes().isEmpty()) {
      return Result.of(new BgpMessage.EndOfRib(Family.IPV4));
    }
    return new UpdateDecoder(attributes, withdrawn, announced).decide();
  }

  private static Nlri.Block readIpv4(ByteBuf in, int end, AttributeSet attributes) {
    return attributes.readNlri(in, end, Family.IPV4, MessageFaults.INVALID_NETWORK_FIELD);
  }

  private static BgpFault overrun(String what, int length, int left) {
    return MessageFaults.update(
        MessageFaults.MALFORMED_ATTRIBUTE_LIST,
        MessageFaults.NO_DATA,
        what + ": " + length + " (expected: at most " + Math.max(0, left) + ")");
  }

  private Result decide() {
    Nlri.Block unreach = attributes.unreach;
    if (unreach != null
        && unreach.prefixes().isEmpty()
        && withdrawn.prefixes().isEmpty()
        && announced.prefixes().isEmpty()
        && attributes.isOnly(AttributeCodecs.MP_UNREACH_NLRI)
        && attributes.faults().isEmpty()) {
      return Result.of(new BgpMessage.EndOfRib(unreach.prefixes().family()));
    }
    boolean classic = !announced.prefixes().isEmpty();
    boolean reachable = classic || attributes.has(AttributeCodecs.MP_REACH_NLRI);
    if (classic || attributes.reach != null || attributes.multicastReach != null) {
      attributes.requireMandatory(classic);
    }
    if (attributes.worst() == Severity.WITHDRAW
        && !reachable
        && attributes.isSession()
        && !attributes.isFaultOfUnreachOnly()) {
      throw MessageFaults.update(
          attributes.worstSubcode(),
          MessageFaults.NO_DATA,
          attributes.worstMessage() + ", and no routes to withdraw for it");
    }
    Collector unicast = new Collector();
    unicast.withdraw(withdrawn);
    unicast.withdraw(unreach);
    if (attributes.worst() == Severity.WITHDRAW) {
      unicast.withdraw(announced);
    } else {
      unicast.announce(announced, attributes.nextHop, null);
    }
    unicast.settle(attributes.reach);
    return unicast.result(multicast());
  }

  private BgpMessage.Update multicast() {
    if (attributes.multicastReach == null && attributes.multicastUnreach == null) {
      return Result.NOTHING;
    }
    Collector multicast = new Collector();
    multicast.withdraw(attributes.multicastUnreach);
    multicast.settle(attributes.multicastReach);
    return multicast.update();
  }

  /// Puts the parts of an update together: at most one list of withdrawals a family.
  private final class Collector {
    private final List<BgpMessage.Announcement> announcements = new ArrayList<>(1);
    private final List<Nlri.Block> announcedBlocks = new ArrayList<>(1);
    private final List<Nlri.Block> withdrawals = new ArrayList<>(1);

    /// Announces what MP_REACH_NLRI has, or withdraws it.
    void settle(AttributeSet.@Nullable Reach reach) {
      if (reach == null) {
        return;
      }
      if (attributes.worst() == Severity.WITHDRAW) {
        withdraw(reach.nlri());
      } else {
        announce(reach.nlri(), reach.nextHop(), reach.linkLocal());
      }
    }

    void announce(Nlri.Block block, @Nullable IpAddress nextHop, @Nullable IpAddress linkLocal) {
      if (block.prefixes().isEmpty() || nextHop == null) {
        return;
      }
      announcements.add(
          new BgpMessage.Announcement(block.prefixes(), attributes.build(nextHop, linkLocal)));
      announcedBlocks.add(block);
    }

    void withdraw(Nlri.@Nullable Block block) {
      if (block == null || block.prefixes().isEmpty()) {
        return;
      }
      for (int i = 0; i < withdrawals.size(); i++) {
        if (withdrawals.get(i).prefixes().family() == block.prefixes().family()) {
          withdrawals.set(i, withdrawals.get(i).plus(block));
          return;
        }
      }
      withdrawals.add(block);
    }

    BgpMessage.Update update() {
      List<Prefixes> withdrawnPrefixes = withdrawals.stream().map(Nlri.Block::prefixes).toList();
      return new BgpMessage.Update(announcements, withdrawnPrefixes, attributes.faults());
    }

    Result result(BgpMessage.Update multicast) {
      return new Result(update(), Nlri.pathIds(withdrawals, announcedBlocks), multicast);
    }
  }
}
