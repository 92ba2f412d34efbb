package net.donut.wire.bgp;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.donut.model.Aggregator;
import net.donut.model.AsPath;
import net.donut.model.AsPath.Segment;
import net.donut.model.AsPath.SegmentType;
import net.donut.model.Communities;
import net.donut.model.ExtendedCommunities;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.LargeCommunities;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;
import net.donut.model.UnknownAttribute;

/// Messages from a seed, in the form in which the decoder returns them.
final class RandomMessages {
  private final SplittableRandom random;

  RandomMessages(long seed) {
    random = new SplittableRandom(seed);
  }

  SessionOptions options() {
    return new SessionOptions(
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }

  Prefixes prefixes(Family family, int count) {
    var prefixes = new Prefixes.Builder(family);
    for (int i = 0; i < count; i++) {
      prefixes.add(
          family == Family.IPV4 ? (long) random.nextInt() << 32 : random.nextLong(),
          family == Family.IPV4 ? 0 : random.nextLong(),
          random.nextInt(family.bits() + 1));
    }
    return prefixes.build();
  }

  PathAttributes attributes(Family family, SessionOptions options) {
    Origin[] origins = Origin.values();
    IpAddress nextHop =
        family == Family.IPV4 && random.nextBoolean()
            ? IpAddress.ofIpv4(0x0a000000 | random.nextInt(1 << 24))
            : IpAddress.ofIpv6(0x2001_0db8_0000_0000L, random.nextLong());
    var builder =
        PathAttributes.builder(origins[random.nextInt(origins.length)], asPath(), nextHop);
    if (nextHop.family() == Family.IPV6 && !options.linkLocal() && random.nextBoolean()) {
      builder.linkLocalNextHop(IpAddress.ofIpv6(0xfe80_0000_0000_0000L, random.nextLong()));
    }
    if (random.nextBoolean()) {
      builder.med(unsigned());
    }
    if (options.internal()) {
      builder.localPref(unsigned());
    }
    if (random.nextBoolean()) {
      builder
          .atomicAggregate(true)
          .aggregator(new Aggregator(asn(), IpAddress.ofIpv4(random.nextInt())));
    }
    if (random.nextBoolean()) {
      builder.communities(Communities.of(ints(random.nextInt(100))).normalized());
    }
    if (random.nextBoolean()) {
      builder.extendedCommunities(
          ExtendedCommunities.of(random.longs(random.nextInt(40)).toArray()).normalized());
    }
    if (random.nextBoolean()) {
      builder.largeCommunities(LargeCommunities.of(ints(3 * random.nextInt(30))).normalized());
    }
    if (random.nextBoolean()) {
      builder.onlyToCustomer(unsigned());
    }
    return builder.unknown(unknown()).build();
  }

  private int[] ints(int count) {
    return random.ints(count).toArray();
  }

  private long unsigned() {
    return random.nextLong(1L << 32);
  }

  private long asn() {
    return random.nextBoolean() ? 1 + random.nextLong(0xffff) : 1 + random.nextLong(0xffff_fffeL);
  }

  private AsPath asPath() {
    List<Segment> segments = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int[] asns = new int[1 + random.nextInt(random.nextInt(20) == 0 ? 255 : 6)];
      for (int j = 0; j < asns.length; j++) {
        asns[j] = (int) asn();
      }
      boolean set = random.nextInt(8) == 0;
      segments.add(new Segment(set ? SegmentType.AS_SET : SegmentType.AS_SEQUENCE, asns));
    }
    return new AsPath(segments);
  }

  private List<UnknownAttribute> unknown() {
    List<UnknownAttribute> attributes = new ArrayList<>();
    for (int type = 100; type < 250; type += 1 + random.nextInt(100)) {
      byte[] value = new byte[random.nextInt(300)];
      random.nextBytes(value);
      attributes.add(new UnknownAttribute(0xe0, type, value));
    }
    return attributes;
  }

  BgpMessage message(SessionOptions options) {
    return switch (random.nextInt(8)) {
      case 0 -> open();
      case 1 -> new BgpMessage.Keepalive();
      case 2 -> {
        byte[] data = new byte[random.nextInt(200)];
        random.nextBytes(data);
        yield new BgpMessage.Notification(random.nextInt(256), random.nextInt(256), data);
      }
      case 3 ->
          new BgpMessage.RouteRefresh(
              random.nextInt(1 << 16), random.nextInt(256), random.nextInt(256));
      case 4 -> new BgpMessage.EndOfRib(family());
      case 5 -> BgpMessage.Update.withdraw(prefixes(family(), 1 + random.nextInt(50)));
      default -> {
        Family family = family();
        yield BgpMessage.Update.announce(
            prefixes(family, 1 + random.nextInt(50)), attributes(family, options));
      }
    };
  }

  Family family() {
    return random.nextBoolean() ? Family.IPV4 : Family.IPV6;
  }

  private BgpMessage open() {
    long asn = asn();
    List<Capability> capabilities = new ArrayList<>();
    capabilities.add(new Capability.FourOctetAs(asn));
    for (Family family : Family.values()) {
      if (random.nextBoolean()) {
        capabilities.add(new Capability.Multiprotocol(family));
        capabilities.add(
            new Capability.GracefulRestart(
                random.nextBoolean(),
                random.nextInt(4096),
                List.of(new Capability.GracefulRestart.FamilyState(family, random.nextBoolean()))));
        capabilities.add(
            new Capability.AddPath(
                List.of(new Capability.AddPath.FamilyMode(family, 1 + random.nextInt(3)))));
      }
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      byte[] value = new byte[random.nextInt(100)];
      random.nextBytes(value);
      capabilities.add(new Capability.Unknown(128 + random.nextInt(100), value));
    }
    return new BgpMessage.Open(
        4,
        asn,
        3 + random.nextInt(65533),
        IpAddress.ofIpv4(1 + random.nextInt(Integer.MAX_VALUE)),
        capabilities);
  }
}
