package net.donut.agent;

import com.google.protobuf.ByteString;
import gribi.Gribi;
import gribi.gRIBIGrpc;
import gribi_aft.GribiAft.Afts;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.donut.model.Prefix;
import ywrapper.Ywrapper.BytesValue;
import ywrapper.Ywrapper.StringValue;
import ywrapper.Ywrapper.UintValue;

/// A gRIBI client that programs many routes and waits for the kernel's answers.
final class RouteProgrammer implements AutoCloseable, StreamObserver<Gribi.ModifyResponse> {
  private static final int OPERATIONS_A_MESSAGE = 1000;

  private final LinkedBlockingQueue<Gribi.AFTResult> results = new LinkedBlockingQueue<>();
  private final StreamObserver<Gribi.ModifyRequest> stream;
  private final Gribi.Uint128 election;
  private long next;

  RouteProgrammer(ManagedChannel channel, long electionHigh, long electionLow) {
    election = Gribi.Uint128.newBuilder().setHigh(electionHigh).setLow(electionLow).build();
    stream = gRIBIGrpc.newStub(channel).modify(this);
    stream.onNext(
        Gribi.ModifyRequest.newBuilder()
            .setParams(
                Gribi.SessionParameters.newBuilder()
                    .setRedundancy(Gribi.SessionParameters.ClientRedundancy.SINGLE_PRIMARY)
                    .setPersistence(Gribi.SessionParameters.AFTPersistence.PRESERVE)
                    .setAckType(Gribi.SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK))
            .build());
    stream.onNext(Gribi.ModifyRequest.newBuilder().setElectionId(election).build());
  }

  /// A next hop, and a group of the same number with it alone.
  void gateway(long number, String address, String interfaceName) throws InterruptedException {
    send(
        List.of(
            operation(Gribi.AFTOperation.Operation.ADD)
                .setNextHop(
                    Afts.NextHopKey.newBuilder()
                        .setIndex(number)
                        .setNextHop(
                            Afts.NextHop.newBuilder()
                                .setIpAddress(text(address))
                                .setInterfaceRef(
                                    Afts.NextHop.InterfaceRef.newBuilder()
                                        .setInterface(text(interfaceName)))))
                .build(),
            operation(Gribi.AFTOperation.Operation.ADD)
                .setNextHopGroup(
                    Afts.NextHopGroupKey.newBuilder()
                        .setId(number)
                        .setNextHopGroup(
                            Afts.NextHopGroup.newBuilder()
                                .addNextHop(
                                    Afts.NextHopGroup.NextHopKey.newBuilder()
                                        .setIndex(number)
                                        .setNextHop(
                                            Afts.NextHopGroup.NextHop.newBuilder()
                                                .setWeight(number(1))))))
                .build()));
  }

  /// Puts routes on a group; gives what was refused.
  List<String> add(List<Prefix> prefixes, long group) throws InterruptedException {
    return send(
        prefixes.stream()
            .map(prefix ->
                operation(Gribi.AFTOperation.Operation.ADD)
                    .setIpv4(
                        Afts.Ipv4EntryKey.newBuilder()
                            .setPrefix(prefix.toString())
                            .setIpv4Entry(
                                Afts.Ipv4Entry.newBuilder().setNextHopGroup(number(group))))
                    .build())
            .toList());
  }

  /// Removes routes, saying `reason` with each; gives what was refused.
  List<String> remove(List<Prefix> prefixes, String reason) throws InterruptedException {
    return send(
        prefixes.stream()
            .map(prefix ->
                operation(Gribi.AFTOperation.Operation.DELETE)
                    .setIpv4(
                        Afts.Ipv4EntryKey.newBuilder()
                            .setPrefix(prefix.toString())
                            .setIpv4Entry(
                                Afts.Ipv4Entry.newBuilder()
                                    .setEntryMetadata(
                                        BytesValue.newBuilder()
                                            .setValue(ByteString.copyFromUtf8(reason)))))
                    .build())
            .toList());
  }

  private List<String> send(List<Gribi.AFTOperation> operations) throws InterruptedException {
    for (int from = 0; from < operations.size(); from += OPERATIONS_A_MESSAGE) {
      stream.onNext(
          Gribi.ModifyRequest.newBuilder()
              .addAllOperation(
                  operations.subList(
                      from, Math.min(operations.size(), from + OPERATIONS_A_MESSAGE)))
              .build());
    }
    List<String> refused = new ArrayList<>();
    for (int left = operations.size(); left > 0; left--) {
      Gribi.AFTResult result = results.poll(30, TimeUnit.SECONDS);
      if (result == null) {
        throw new AssertionError("results missing after 30 s: " + left);
      }
      if (result.getStatus() != Gribi.AFTResult.Status.FIB_PROGRAMMED) {
        refused.add(result.getStatus() + " " + result.getErrorDetails().getErrorMessage());
      }
    }
    return refused;
  }

  private Gribi.AFTOperation.Builder operation(Gribi.AFTOperation.Operation kind) {
    return Gribi.AFTOperation.newBuilder()
        .setId(++next)
        .setNetworkInstance("DEFAULT")
        .setOp(kind)
        .setElectionId(election);
  }

  private static StringValue text(String value) {
    return StringValue.newBuilder().setValue(value).build();
  }

  private static UintValue number(long value) {
    return UintValue.newBuilder().setValue(value).build();
  }

  @Override
  public void onNext(Gribi.ModifyResponse response) {
    results.addAll(response.getResultList());
  }

  @Override
  public void onError(Throwable cause) {
    // What waits for results says that they are missing.
  }

  @Override
  public void onCompleted() {}

  @Override
  public void close() {
    stream.onCompleted();
  }
}
