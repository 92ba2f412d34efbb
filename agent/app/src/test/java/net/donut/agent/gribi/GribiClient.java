package net.donut.agent.gribi;

import com.google.rpc.Status;
import gribi.Gribi.AFTEntry;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.AFTType;
import gribi.Gribi.Empty;
import gribi.Gribi.FlushRequest;
import gribi.Gribi.FlushResponse;
import gribi.Gribi.GetRequest;
import gribi.Gribi.ModifyRPCErrorDetails;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.ModifyResponse;
import gribi.Gribi.SessionParameters;
import gribi.Gribi.Uint128;
import gribi.gRIBIGrpc;
import io.grpc.ManagedChannel;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.Eventually;
import org.jspecify.annotations.Nullable;

/// A gRIBI client: one Modify stream, what came back on it, and the other two RPCs.
final class GribiClient implements AutoCloseable {
  private final gRIBIGrpc.gRIBIBlockingStub blocking;
  private final StreamObserver<ModifyRequest> requests;
  private final List<ModifyResponse> responses = new ArrayList<>();
  private final Map<Long, List<AFTResult>> results = new LinkedHashMap<>();
  private @Nullable Throwable failure;
  private boolean completed;
  private long nextId = 1;
  private Uint128 electionId = Uint128.getDefaultInstance();

  GribiClient(ManagedChannel channel) {
    blocking = gRIBIGrpc.newBlockingStub(channel);
    requests = gRIBIGrpc.newStub(channel).modify(new Responses());
  }

  private final class Responses implements StreamObserver<ModifyResponse> {
    @Override
    public void onNext(ModifyResponse response) {
      synchronized (GribiClient.this) {
        responses.add(response);
        response
            .getResultList()
            .forEach(result ->
                results.computeIfAbsent(result.getId(), _ -> new ArrayList<>()).add(result));
      }
    }

    @Override
    public void onError(Throwable error) {
      synchronized (GribiClient.this) {
        failure = error;
      }
    }

    @Override
    public void onCompleted() {
      synchronized (GribiClient.this) {
        completed = true;
      }
    }
  }

  // ---- sending

  void send(ModifyRequest request) {
    requests.onNext(request);
  }

  static SessionParameters params(
      SessionParameters.ClientRedundancy redundancy,
      SessionParameters.AFTPersistence persistence,
      SessionParameters.AFTResultStatusType ackType) {
    return SessionParameters.newBuilder()
        .setRedundancy(redundancy)
        .setPersistence(persistence)
        .setAckType(ackType)
        .build();
  }

  static SessionParameters supported(SessionParameters.AFTResultStatusType ackType) {
    return params(
        SessionParameters.ClientRedundancy.SINGLE_PRIMARY,
        SessionParameters.AFTPersistence.PRESERVE,
        ackType);
  }

  GribiClient sendParams(SessionParameters params) {
    send(ModifyRequest.newBuilder().setParams(params).build());
    return this;
  }

  GribiClient announce(long high, long low) {
    electionId = Uint128.newBuilder().setHigh(high).setLow(low).build();
    send(ModifyRequest.newBuilder().setElectionId(electionId).build());
    return this;
  }

  /// Sends operations in one message under the id announced last; gives the id of the first.
  long operate(AFTOperation.Builder... operations) {
    return operate(electionId, operations);
  }

  long operate(Uint128 election, AFTOperation.Builder... operations) {
    long first = nextId;
    ModifyRequest.Builder request = ModifyRequest.newBuilder();
    for (AFTOperation.Builder operation : operations) {
      request.addOperation(operation.setId(nextId++).setElectionId(election));
    }
    send(request.build());
    return first;
  }

  /// Sends operations and waits for the result of each, as `STATUS STATUS ...`.
  String run(AFTOperation.Builder... operations) {
    long first = operate(operations);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < operations.length; i++) {
      text.append(i == 0 ? "" : " ").append(awaitResult(first + i).getStatus());
    }
    return text.toString();
  }

  void halfClose() {
    requests.onCompleted();
  }

  // ---- what came back

  synchronized List<ModifyResponse> responses() {
    return List.copyOf(responses);
  }

  synchronized List<AFTResult> resultsOf(long id) {
    return List.copyOf(results.getOrDefault(id, List.of()));
  }

  synchronized int resultCount() {
    return results.values().stream().mapToInt(List::size).sum();
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }

  synchronized boolean isCompleted() {
    return completed;
  }

  AFTResult awaitResult(long id) {
    Eventually.until(
        "result of operation " + id,
        () -> "failure: " + failure(),
        () -> !resultsOf(id).isEmpty() || failure() != null);
    if (failure() != null) {
      throw new AssertionError("stream failed", failure());
    }
    return resultsOf(id).getFirst();
  }

  Uint128 awaitElectionId() {
    Eventually.until(
        "an election id",
        () -> "failure: " + failure(),
        () -> responses().stream().anyMatch(ModifyResponse::hasElectionId) || failure() != null);
    return responses().stream()
        .filter(ModifyResponse::hasElectionId)
        .toList()
        .getLast()
        .getElectionId();
  }

  void awaitResponses(int count) {
    Eventually.until(
        count + " responses",
        () -> responses() + " failure: " + failure(),
        () -> responses().size() >= count || failure() != null);
  }

  /// The status that ended the stream.
  Status awaitFailure() {
    Eventually.until("the end of the stream", () -> failure() != null || isCompleted());
    Throwable error = Objects.requireNonNull(failure(), "stream completed (expected: an error)");
    return StatusProto.fromThrowable(error);
  }

  void awaitCompleted() {
    Eventually.until("the end of the stream", this::isCompleted);
  }

  /// `CODE reason` of the status that ended the stream, or `CODE` without details.
  String awaitFault() throws com.google.protobuf.InvalidProtocolBufferException {
    Status status = awaitFailure();
    String code = io.grpc.Status.fromCodeValue(status.getCode()).getCode().name();
    if (status.getDetailsCount() == 0) {
      return code;
    }
    if (status.getDetailsCount() > 1) {
      throw new AssertionError("details: " + status);
    }
    return code + " " + status.getDetails(0).unpack(ModifyRPCErrorDetails.class).getReason();
  }

  // ---- Get and Flush

  List<AFTEntry> get(String instance, AFTType type) {
    List<AFTEntry> entries = new ArrayList<>();
    blocking
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .get(GetRequest.newBuilder().setName(instance).setAft(type).build())
        .forEachRemaining(response -> entries.addAll(response.getEntryList()));
    return entries;
  }

  FlushResponse flushAll() {
    return flush(
        FlushRequest.newBuilder()
            .setOverride(Empty.getDefaultInstance())
            .setAll(Empty.getDefaultInstance()));
  }

  FlushResponse flush(FlushRequest.Builder request) {
    return blocking.withDeadlineAfter(60, TimeUnit.SECONDS).flush(request.build());
  }

  @Override
  public void close() {
    if (failure() == null && !isCompleted()) {
      halfClose();
      Eventually.until("the server's end of the stream", () -> isCompleted() || failure() != null);
    }
  }
}
