package net.donut.agent.gribi;

import static gribi.Gribi.ModifyRPCErrorDetails.Reason.ELECTION_ID_IN_ALL_PRIMARY;
import static gribi.Gribi.ModifyRPCErrorDetails.Reason.MODIFY_NOT_ALLOWED;
import static gribi.Gribi.ModifyRPCErrorDetails.Reason.PARAMS_DIFFER_FROM_OTHER_CLIENTS;
import static gribi.Gribi.ModifyRPCErrorDetails.Reason.UNKNOWN;
import static gribi.Gribi.ModifyRPCErrorDetails.Reason.UNSUPPORTED_PARAMS;

import com.google.rpc.Code;
import gribi.Gribi.AFTErrorDetails;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.ModifyResponse;
import gribi.Gribi.SessionParameters;
import gribi.Gribi.SessionParametersResult;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Instant;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// One client: one Modify RPC. Owned by `agent-fib`; only it writes to the stream.
final class ModifySession implements OperationSink {
  /*
   * Flow control: the client may have WINDOW messages on their way. Another is asked for only when the
   * answers to one have been handed to a transport that had room. So a client that does not read its
   * answers can cost the memory of WINDOW messages and their answers, and is simply not listened to.
   */
  static final int WINDOW = 8;

  private static final int RESULTS_A_RESPONSE = 1000;

  private final GribiServer server;
  private final ServerCallStreamObserver<ModifyResponse> call;
  private final ArrayDeque<ModifyResponse> outbox = new ArrayDeque<>();
  private ModifyResponse.Builder results = ModifyResponse.newBuilder();
  private @Nullable SessionParameters params;
  private GribiElectionId announced = GribiElectionId.ZERO;
  private boolean heardAny;
  private boolean ended;
  private int owed;
  private long timestamp;

  ModifySession(GribiServer server, ServerCallStreamObserver<ModifyResponse> call) {
    this.server = server;
    this.call = call;
  }

  @Nullable SessionParameters params() {
    return params;
  }

  boolean isEnded() {
    return ended;
  }

  boolean isCancelled() {
    return call.isCancelled();
  }

  // ---- requests

  void receive(ModifyRequest request, long arrivedNanos) {
    if (ended) {
      return;
    }
    stamp();
    try {
      accept(request, arrivedNanos);
      heardAny = true;
    } catch (StatusRuntimeException fault) {
      server.rib().flush();
      fail(fault);
      return;
    }
    owed++;
  }

  private void accept(ModifyRequest request, long arrivedNanos) {
    int kinds =
        (request.hasParams() ? 1 : 0)
            + (request.hasElectionId() ? 1 : 0)
            + (request.getOperationCount() > 0 ? 1 : 0);
    if (kinds != 1) {
      throw ModifyFaults.plain(
          io.grpc.Status.INVALID_ARGUMENT,
          "ModifyRequest: " + kinds + " of params, election_id, operation (expected: exactly 1)");
    }
    if (request.hasParams()) {
      negotiate(request.getParams());
    } else if (request.hasElectionId()) {
      announce(GribiElectionId.of(request.getElectionId()));
    } else {
      for (AFTOperation operation : request.getOperationList()) {
        operate(operation, arrivedNanos);
      }
      server.rib().flush();
    }
  }

  private void negotiate(SessionParameters wanted) {
    if (heardAny) {
      throw ModifyFaults.modify(
          Code.FAILED_PRECONDITION,
          MODIFY_NOT_ALLOWED,
          "params: not in the first message (expected: once, and first)");
    }
    boolean allPrimary = wanted.getRedundancy() == SessionParameters.ClientRedundancy.ALL_PRIMARY;
    boolean preserve = wanted.getPersistence() == SessionParameters.AFTPersistence.PRESERVE;
    if (allPrimary && preserve) {
      throw ModifyFaults.modify(
          Code.FAILED_PRECONDITION,
          UNSUPPORTED_PARAMS,
          "params: ALL_PRIMARY with PRESERVE (expected: SINGLE_PRIMARY and PRESERVE)");
    }
    SessionParameters others = server.negotiatedByOthers(this);
    if (others != null && !sameTerms(others, wanted)) {
      throw ModifyFaults.modify(
          Code.FAILED_PRECONDITION,
          PARAMS_DIFFER_FROM_OTHER_CLIENTS,
          "params: " + terms(wanted) + " (expected: " + terms(others) + ", as other clients)");
    }
    if (wanted.getRedundancy() != SessionParameters.ClientRedundancy.SINGLE_PRIMARY
        || !preserve
        || wanted.getAckType() == SessionParameters.AFTResultStatusType.UNRECOGNIZED) {
      throw unsupported(wanted);
    }
    params = wanted;
    send(
        ModifyResponse.newBuilder()
            .setSessionParamsResult(
                SessionParametersResult.newBuilder().setStatus(SessionParametersResult.Status.OK))
            .build());
  }

  private static boolean sameTerms(SessionParameters a, SessionParameters b) {
    return a.getRedundancyValue() == b.getRedundancyValue()
        && a.getPersistenceValue() == b.getPersistenceValue()
        && a.getAckTypeValue() == b.getAckTypeValue();
  }

  private static String terms(SessionParameters params) {
    return params.getRedundancy() + ", " + params.getPersistence() + ", " + params.getAckType();
  }

  private static StatusRuntimeException unsupported(SessionParameters params) {
    return ModifyFaults.modify(
        Code.UNIMPLEMENTED,
        UNSUPPORTED_PARAMS,
        "params: " + terms(params) + " (expected: SINGLE_PRIMARY, PRESERVE and either ack type)");
  }

  private void announce(GribiElectionId id) {
    if (params == null) {
      throw ModifyFaults.modify(
          Code.FAILED_PRECONDITION,
          ELECTION_ID_IN_ALL_PRIMARY,
          "election_id: " + id + " (expected: none, without params this client is ALL_PRIMARY)");
    }
    checkNotZero(id);
    announced = id;
    server.announce(this, id);
    send(ModifyResponse.newBuilder().setElectionId(server.election().highest().message()).build());
  }

  private static void checkNotZero(GribiElectionId id) {
    if (id.isZero()) {
      throw ModifyFaults.plain(
          io.grpc.Status.INVALID_ARGUMENT, "election_id: 0 (expected: 1 or more)");
    }
  }

  private void operate(AFTOperation operation, long arrivedNanos) {
    if (params == null) {
      throw unsupported(SessionParameters.getDefaultInstance());
    }
    if (!operation.hasElectionId() || announced.isZero()) {
      throw ModifyFaults.modify(
          Code.FAILED_PRECONDITION,
          UNKNOWN,
          "operation "
              + Long.toUnsignedString(operation.getId())
              + ": no election id (expected: the one this client announced)");
    }
    GribiElectionId id = GribiElectionId.of(operation.getElectionId());
    checkNotZero(id);
    String objection = server.election().objection(this, announced, id);
    if (objection != null) {
      failed(operation.getId(), objection);
    } else {
      server.rib().execute(operation, this, arrivedNanos);
    }
  }

  // ---- results

  private void stamp() {
    Instant now = Instant.now();
    timestamp = now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  @Override
  public void failed(long id, String message) {
    result(id, AFTResult.Status.FAILED, message);
  }

  @Override
  public void programmed(long id, @Nullable String error) {
    boolean fib =
        params != null
            && params.getAckType() == SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK;
    if (!fib) {
      result(id, AFTResult.Status.RIB_PROGRAMMED, null);
    } else if (error == null) {
      result(id, AFTResult.Status.FIB_PROGRAMMED, null);
    } else {
      result(id, AFTResult.Status.FIB_FAILED, error);
    }
  }

  private void result(long id, AFTResult.Status status, @Nullable String message) {
    if (ended) {
      return;
    }
    if (results.getResultCount() == 0) {
      stamp();
    }
    AFTResult.Builder result =
        AFTResult.newBuilder().setId(id).setStatus(status).setTimestamp(timestamp);
    if (message != null) {
      result.setErrorDetails(AFTErrorDetails.newBuilder().setErrorMessage(message));
    }
    results.addResult(result);
    if (results.getResultCount() == RESULTS_A_RESPONSE) {
      emit();
    }
  }

  /// Puts the collected results into the outbox.
  void emit() {
    if (results.getResultCount() > 0) {
      outbox.add(results.build());
      results = ModifyResponse.newBuilder();
    }
  }

  private void send(ModifyResponse response) {
    emit();
    outbox.add(response);
  }

  // ---- the stream

  /// Writes as much as the transport takes; once all is written, asks for as many messages as were
  /// answered.
  void drain() {
    if (ended) {
      return;
    }
    emit();
    while (!outbox.isEmpty() && call.isReady()) {
      call.onNext(outbox.remove());
    }
    if (outbox.isEmpty() && owed > 0) {
      call.request(owed);
      owed = 0;
    }
  }

  boolean isBlocked() {
    return !ended && !outbox.isEmpty();
  }

  /// Refuses the client; what it was answered before still arrives.
  void fail(StatusRuntimeException fault) {
    if (ended) {
      return;
    }
    GribiLog.refused(String.valueOf(fault.getMessage()));
    writeRest();
    server.leave(this);
    if (!call.isCancelled()) {
      call.onError(fault);
    }
  }

  /// The client sent its last message.
  void halfClosed() {
    if (ended) {
      return;
    }
    writeRest();
    server.leave(this);
    if (!call.isCancelled()) {
      call.onCompleted();
    }
  }

  /// The client is gone.
  void cancelled() {
    if (!ended) {
      ended = true;
      outbox.clear();
      server.leave(this);
    }
  }

  private void writeRest() {
    emit();
    ended = true;
    while (!outbox.isEmpty() && !call.isCancelled()) {
      call.onNext(outbox.remove());
    }
    outbox.clear();
  }
}
