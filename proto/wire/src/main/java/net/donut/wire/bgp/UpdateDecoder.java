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
   * the session ends after all.
   */

  private static final int LENGTH_BYTES = 2;

  /// An update and the path identifiers of its prefixes, first those of the withdrawals, then those
  /// of the announcements; empty where none were agreed.
  record Result(BgpMessage message, int[] pathIds) {}

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
    var pathIds = Nlri.PathIds.of(options, Family.IPV4);
    Nlri.Block withdrawn = readIpv4(in, in.readerIndex() + withdrawnLength, pathIds);
    int attributesLength = in.readUnsignedShort();
    if (attributesLength > end - in.readerIndex()) {
      throw overrun("total path attribute length", attributesLength, end - in.readerIndex());
    }
    AttributeSet attributes = new AttributeSet(options, source);
    AttributeTable.readAll(in, in.readerIndex() + attributesLength, attributes);
    Nlri.Block announced = readIpv4(in, end, pathIds);
    if (withdrawnLength == 0 && attributesLength == 0 && announced.prefixes().isEmpty()) {
      return new Result(new BgpMessage.EndOfRib(Family.IPV4), announced.pathIds());
    }
    return new UpdateDecoder(attributes, withdrawn, announced).decide();
  }

  private static Nlri.Block readIpv4(ByteBuf in, int end, Nlri.PathIds pathIds) {
    return Nlri.read(in, end, Family.IPV4, pathIds, Faults.INVALID_NETWORK_FIELD);
  }

  private static BgpFault overrun(String what, int length, int left) {
    return Faults.update(
        Faults.MALFORMED_ATTRIBUTE_LIST,
        Faults.NO_DATA,
        what + ": " + length + " (expected: at most " + Math.max(0, left) + ")");
  }

  private Result decide() {
    Nlri.Block unreach = attributes.unreach;
    if (unreach != null
        && unreach.prefixes().isEmpty()
        && withdrawn.prefixes().isEmpty()
        && announced.prefixes().isEmpty()
        && attributes.isOnly(AttributeTable.MP_UNREACH_NLRI)) {
      return new Result(new BgpMessage.EndOfRib(unreach.prefixes().family()), unreach.pathIds());
    }
    boolean classic = !announced.prefixes().isEmpty();
    boolean reachable = classic || attributes.has(AttributeTable.MP_REACH_NLRI);
    if (classic || attributes.reach != null) {
      attributes.requireMandatory(classic);
    }
    if (attributes.worst() == Severity.WITHDRAW && !reachable && attributes.isSession()) {
      throw Faults.update(
          attributes.worstSubcode(),
          Faults.NO_DATA,
          attributes.faults().getLast().message() + ", and no routes to withdraw for it");
    }
    Collector collector = new Collector();
    collector.withdraw(withdrawn);
    if (unreach != null) {
      collector.withdraw(unreach);
    }
    if (attributes.worst() == Severity.WITHDRAW) {
      withdrawAnnounced(collector);
    } else {
      announce(collector);
    }
    return collector.result(attributes.faults());
  }

  private void withdrawAnnounced(Collector collector) {
    collector.withdraw(announced);
    if (attributes.reach != null) {
      collector.withdraw(attributes.reach.nlri());
    }
  }

  private void announce(Collector collector) {
    IpAddress nextHop = attributes.nextHop;
    if (!announced.prefixes().isEmpty() && nextHop != null) {
      collector.announce(announced, new NextHops(nextHop, null));
    }
    AttributeSet.Reach reach = attributes.reach;
    if (reach != null && !reach.nlri().prefixes().isEmpty()) {
      collector.announce(reach.nlri(), new NextHops(reach.nextHop(), reach.linkLocal()));
    }
  }

  private record NextHops(IpAddress nextHop, @Nullable IpAddress linkLocal) {}

  /// Puts the parts of an update together: at most one list of withdrawals a family.
  private final class Collector {
    private final List<BgpMessage.Announcement> announcements = new ArrayList<>(1);
    private final List<Nlri.Block> announcedBlocks = new ArrayList<>(1);
    private final List<Nlri.Block> withdrawals = new ArrayList<>(1);

    void announce(Nlri.Block block, NextHops hops) {
      announcements.add(
          new BgpMessage.Announcement(
              block.prefixes(), attributes.build(hops.nextHop(), hops.linkLocal())));
      announcedBlocks.add(block);
    }

    void withdraw(Nlri.Block block) {
      if (block.prefixes().isEmpty()) {
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

    Result result(List<UpdateFault> faults) {
      List<Prefixes> withdrawnPrefixes = withdrawals.stream().map(Nlri.Block::prefixes).toList();
      var update = new BgpMessage.Update(announcements, withdrawnPrefixes, faults);
      int[] pathIds = Nlri.pathIds(withdrawals, announcedBlocks);
      return new Result(update, pathIds);
    }
  }
}
