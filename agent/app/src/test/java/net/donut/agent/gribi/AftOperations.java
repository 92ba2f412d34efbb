package net.donut.agent.gribi;

import com.google.protobuf.ByteString;
import gribi.Gribi.AFTOperation;
import gribi_aft.GribiAft.Afts;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import ywrapper.Ywrapper.BytesValue;
import ywrapper.Ywrapper.StringValue;
import ywrapper.Ywrapper.UintValue;

/// Operations on entries, without id and election id.
public final class AftOperations {
  static final String DEFAULT = "DEFAULT";

  private AftOperations() {}

  static AFTOperation.Builder nextHop(long index) {
    return in(DEFAULT).setNextHop(Afts.NextHopKey.newBuilder().setIndex(index));
  }

  static AFTOperation.Builder nextHop(long index, String address) {
    return in(DEFAULT)
        .setNextHop(
            Afts.NextHopKey.newBuilder()
                .setIndex(index)
                .setNextHop(Afts.NextHop.newBuilder().setIpAddress(string(address))));
  }

  public static AFTOperation.Builder nextHop(long index, String address, String interfaceName) {
    return in(DEFAULT)
        .setNextHop(
            Afts.NextHopKey.newBuilder()
                .setIndex(index)
                .setNextHop(
                    Afts.NextHop.newBuilder()
                        .setIpAddress(string(address))
                        .setInterfaceRef(
                            Afts.NextHop.InterfaceRef.newBuilder()
                                .setInterface(string(interfaceName)))));
  }

  /// A group of next hops of weight 1.
  public static AFTOperation.Builder group(long id, long... hops) {
    return in(DEFAULT).setNextHopGroup(groupKey(id, hops));
  }

  public static AFTOperation.Builder groupWithBackup(long id, long backup, long... hops) {
    Afts.NextHopGroupKey.Builder key = groupKey(id, hops);
    key.getNextHopGroupBuilder().setBackupNextHopGroup(uint(backup));
    return in(DEFAULT).setNextHopGroup(key);
  }

  /// A group of next hops with these weights, backed up by another group.
  public static AFTOperation.Builder weightedGroup(
      long id, long backup, Map<Long, Integer> weights) {
    Afts.NextHopGroup.Builder group =
        Afts.NextHopGroup.newBuilder().setBackupNextHopGroup(uint(backup));
    weights.forEach((hop, weight) -> group.addNextHop(member(hop, weight)));
    return in(DEFAULT)
        .setNextHopGroup(Afts.NextHopGroupKey.newBuilder().setId(id).setNextHopGroup(group));
  }

  private static Afts.NextHopGroupKey.Builder groupKey(long id, long... hops) {
    Afts.NextHopGroup.Builder group = Afts.NextHopGroup.newBuilder();
    for (long hop : hops) {
      group.addNextHop(member(hop, 1));
    }
    return Afts.NextHopGroupKey.newBuilder().setId(id).setNextHopGroup(group);
  }

  private static Afts.NextHopGroup.NextHopKey.Builder member(long hop, int weight) {
    return Afts.NextHopGroup.NextHopKey.newBuilder()
        .setIndex(hop)
        .setNextHop(Afts.NextHopGroup.NextHop.newBuilder().setWeight(uint(weight)));
  }

  public static AFTOperation.Builder ipv4(String prefix, long group) {
    return in(DEFAULT)
        .setIpv4(
            Afts.Ipv4EntryKey.newBuilder()
                .setPrefix(prefix)
                .setIpv4Entry(Afts.Ipv4Entry.newBuilder().setNextHopGroup(uint(group))));
  }

  static AFTOperation.Builder ipv4(String prefix, long group, byte[] metadata) {
    AFTOperation.Builder operation = ipv4(prefix, group);
    operation
        .getIpv4Builder()
        .getIpv4EntryBuilder()
        .setEntryMetadata(BytesValue.newBuilder().setValue(ByteString.copyFrom(metadata)));
    return operation;
  }

  /// A prefix with metadata, which is text.
  public static AFTOperation.Builder ipv4(String prefix, long group, String metadata) {
    return ipv4(prefix, group, metadata.getBytes(StandardCharsets.UTF_8));
  }

  public static AFTOperation.Builder ipv6(String prefix, long group) {
    return in(DEFAULT)
        .setIpv6(
            Afts.Ipv6EntryKey.newBuilder()
                .setPrefix(prefix)
                .setIpv6Entry(Afts.Ipv6Entry.newBuilder().setNextHopGroup(uint(group))));
  }

  static AFTOperation.Builder ipv6(String prefix, long group, byte[] metadata) {
    AFTOperation.Builder operation = ipv6(prefix, group);
    operation
        .getIpv6Builder()
        .getIpv6EntryBuilder()
        .setEntryMetadata(BytesValue.newBuilder().setValue(ByteString.copyFrom(metadata)));
    return operation;
  }

  /// A prefix with metadata, which is text.
  static AFTOperation.Builder ipv6(String prefix, long group, String metadata) {
    return ipv6(prefix, group, metadata.getBytes(StandardCharsets.UTF_8));
  }

  static AFTOperation.Builder label(long label, long group) {
    return in(DEFAULT)
        .setMpls(
            Afts.LabelEntryKey.newBuilder()
                .setLabelUint64(label)
                .setLabelEntry(Afts.LabelEntry.newBuilder().setNextHopGroup(uint(group))));
  }

  public static AFTOperation.Builder in(String instance) {
    return AFTOperation.newBuilder().setNetworkInstance(instance).setOp(AFTOperation.Operation.ADD);
  }

  static AFTOperation.Builder delete(AFTOperation.Builder operation) {
    return operation.setOp(AFTOperation.Operation.DELETE);
  }

  static AFTOperation.Builder replace(AFTOperation.Builder operation) {
    return operation.setOp(AFTOperation.Operation.REPLACE);
  }

  static UintValue uint(long value) {
    return UintValue.newBuilder().setValue(value).build();
  }

  static StringValue string(String value) {
    return StringValue.newBuilder().setValue(value).build();
  }
}
