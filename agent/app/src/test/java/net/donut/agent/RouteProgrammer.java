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
import net.donut.agent.gribi.AftOperations;
import net.donut.model.Prefix;
import ywrapper.Ywrapper.BytesValue;

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

  /// A next hop, and a group of the same number with it alone; gives what was refused.
  List<String> gateway(long number, String address, String interfaceName)
      throws InterruptedException {
    return send(
        List.of(
            AftOperations.nextHop(number, address, interfaceName),
            AftOperations.group(number, number)));
  }

  /// Puts routes on a group; gives what was refused.
  List<String> add(List<Prefix> prefixes, long group) throws InterruptedException {
    return send(
        prefixes.stream().map(prefix -> AftOperations.ipv4(prefix.toString(), group)).toList());
  }

  /// Removes routes, saying `reason` with each; gives what was refused.
  List<String> remove(List<Prefix> prefixes, String reason) throws InterruptedException {
    BytesValue metadata = BytesValue.newBuilder().setValue(ByteString.copyFromUtf8(reason)).build();
    return send(
        prefixes.stream()
            .map(prefix ->
                AftOperations.in("DEFAULT")
                    .setOp(Gribi.AFTOperation.Operation.DELETE)
                    .setIpv4(
                        Afts.Ipv4EntryKey.newBuilder()
                            .setPrefix(prefix.toString())
                            .setIpv4Entry(Afts.Ipv4Entry.newBuilder().setEntryMetadata(metadata))))
            .toList());
  }

  /// Sends operations, which get their ids here; gives what was refused once all is answered.
  List<String> send(List<Gribi.AFTOperation.Builder> operations) throws InterruptedException {
    for (int from = 0; from < operations.size(); from += OPERATIONS_A_MESSAGE) {
      Gribi.ModifyRequest.Builder request = Gribi.ModifyRequest.newBuilder();
      operations
          .subList(from, Math.min(operations.size(), from + OPERATIONS_A_MESSAGE))
          .forEach(
              operation -> request.addOperation(operation.setId(++next).setElectionId(election)));
      stream.onNext(request.build());
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
