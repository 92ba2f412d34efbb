package net.donut.lab.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.Uint128;
import gribi_aft.GribiAft.Afts;
import java.util.ArrayList;
import java.util.List;
import net.donut.lab.net.LabException;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import ywrapper.Ywrapper.UintValue;

/// How fast gRIBI messages are made and read: requests of 1,000 prefixes, from the prefix to bytes
/// and back.
final class GribiCodec {
  private static final int OPERATIONS = 1000;
  private static final int ROUNDS = 9;

  private final Prefixes prefixes;

  GribiCodec(Prefixes prefixes) {
    this.prefixes = prefixes;
  }

  List<Measurement> measure() {
    List<byte[]> encoded = encode();
    double encodeMillis = Rounds.medianMillis(ROUNDS, this::encode);
    double decodeMillis = Rounds.medianMillis(ROUNDS, () -> decode(encoded));
    return List.of(
        new Measurement(
            "gribi_encode_ops_per_s",
            "gRIBI operations made a second",
            prefixes.size() / encodeMillis * 1e3),
        new Measurement(
            "gribi_decode_ops_per_s",
            "gRIBI operations read a second",
            prefixes.size() / decodeMillis * 1e3),
        new Measurement(
            "gribi_bytes_per_op",
            "bytes a gRIBI operation",
            (double) encoded.stream().mapToLong(bytes -> bytes.length).sum() / prefixes.size()));
  }

  private List<byte[]> encode() {
    List<byte[]> messages = new ArrayList<>();
    Uint128 election = Uint128.newBuilder().setLow(1).build();
    for (int from = 0; from < prefixes.size(); from += OPERATIONS) {
      ModifyRequest.Builder request = ModifyRequest.newBuilder();
      for (int i = from; i < Math.min(from + OPERATIONS, prefixes.size()); i++) {
        request.addOperation(
            AFTOperation.newBuilder()
                .setId(i + 1)
                .setNetworkInstance("DEFAULT")
                .setOp(AFTOperation.Operation.ADD)
                .setElectionId(election)
                .setIpv4(
                    Afts.Ipv4EntryKey.newBuilder()
                        .setPrefix(prefixes.get(i).toString())
                        .setIpv4Entry(
                            Afts.Ipv4Entry.newBuilder()
                                .setNextHopGroup(UintValue.newBuilder().setValue(1 + i % 50)))));
      }
      messages.add(request.build().toByteArray());
    }
    return messages;
  }

  private void decode(List<byte[]> messages) {
    int number = 0;
    try {
      for (byte[] message : messages) {
        for (AFTOperation operation : ModifyRequest.parseFrom(message).getOperationList()) {
          Prefix prefix = Prefix.parse(operation.getIpv4().getPrefix());
          if (prefix.high() != prefixes.high(number++)) {
            throw new IllegalStateException("decoded: " + prefix + " (expected: what was encoded)");
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new LabException("gRIBI: " + e.getMessage(), e);
    }
  }
}
