package net.donut.agent.gribi;

import com.google.rpc.Code;
import gribi.Gribi.AFTType;
import gribi.Gribi.FlushRequest;
import gribi.Gribi.FlushResponse;
import gribi.Gribi.FlushResponseError;
import gribi.Gribi.GetRequest;
import gribi.Gribi.GetResponse;
import gribi.Gribi.SessionParameters;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.donut.agent.fib.AgentForwarding;
import net.donut.agent.fib.Fib;
import net.donut.model.Family;
import org.jspecify.annotations.Nullable;

/// All clients and what they share: the RIB and the election. Owned by `agent-fib`.
final class GribiServer implements Fib.Stepper {
  static final int MOST_SESSIONS = 64;
  static final int MOST_GETS = 32;

  private final GribiRib rib;
  private final Election<ModifySession> election = new Election<>();
  private final Set<ModifySession> sessions = new LinkedHashSet<>();
  private final List<GetStream> gets = new ArrayList<>();

  GribiServer(AgentForwarding forwarding, ForwardReferences mode) {
    this.rib = new GribiRib(forwarding, mode);
  }

  GribiRib rib() {
    return rib;
  }

  Election<ModifySession> election() {
    return election;
  }

  // ---- sessions

  void open(ModifySession session) {
    if (sessions.size() >= MOST_SESSIONS) {
      session.fail(
          ModifyFaults.plain(
              Status.RESOURCE_EXHAUSTED,
              "Modify streams: " + sessions.size() + " (expected: at most " + MOST_SESSIONS + ")"));
      return;
    }
    sessions.add(session);
  }

  void leave(ModifySession session) {
    sessions.remove(session);
    election.leave(session);
    rib.cancelWaiting(session);
  }

  /// The parameters that live clients other than this one have agreed on, or null.
  @Nullable SessionParameters negotiatedByOthers(ModifySession session) {
    for (ModifySession other : sessions) {
      if (other != session && !other.isCancelled() && other.params() != null) {
        return other.params();
      }
    }
    return null;
  }

  void announce(ModifySession session, GribiElectionId id) {
    ModifySession before = election.announce(session, id);
    if (before != null) {
      rib.cancelWaiting(before);
    }
    if (election.isPrimary(session)) {
      rib.guard().primary(id.high(), id.low());
      GribiLog.primary(id);
    }
  }

  // ---- steps

  @Override
  public Fib.Progress step() {
    boolean blocked = false;
    for (ModifySession session : List.copyOf(sessions)) {
      if (session.isCancelled()) {
        session.cancelled();
      } else {
        session.drain();
        blocked |= session.isBlocked();
      }
    }
    Fib.Progress progress = blocked ? Fib.Progress.WAITING : Fib.Progress.IDLE;
    for (GetStream get : List.copyOf(gets)) {
      Fib.Progress next = get.step();
      if (next == Fib.Progress.IDLE) {
        gets.remove(get);
      } else if (next.compareTo(progress) > 0) {
        progress = next;
      }
    }
    return progress;
  }

  @Override
  public long runTimers(long nowNanos) {
    return rib.overrides().runTimers(nowNanos);
  }

  // ---- Get

  void get(GetRequest request, ServerCallStreamObserver<GetResponse> call) {
    try {
      if (gets.size() >= MOST_GETS) {
        throw ModifyFaults.plain(
            Status.RESOURCE_EXHAUSTED,
            "Get streams: " + gets.size() + " (expected: at most " + MOST_GETS + ")");
      }
      gets.add(new GetStream(instancesOf(request), kindsOf(request.getAft()), rib, call));
    } catch (StatusRuntimeException fault) {
      call.onError(fault);
    }
  }

  private Collection<RibInstance> instancesOf(GetRequest request) {
    return switch (request.getNetworkInstanceCase()) {
      case ALL -> rib.instances();
      case NAME -> {
        RibInstance instance = rib.instance(request.getName());
        if (instance == null) {
          throw ModifyFaults.plain(
              Status.INVALID_ARGUMENT,
              "network_instance: '" + request.getName() + "' (expected: one of " + names() + ")");
        }
        yield List.of(instance);
      }
      case NETWORKINSTANCE_NOT_SET ->
          throw ModifyFaults.plain(
              Status.INVALID_ARGUMENT, "network_instance: none (expected: a name, or all)");
    };
  }

  private List<String> names() {
    return rib.instances().stream().map(RibInstance::name).toList();
  }

  private static Set<EntryKey.Kind> kindsOf(AFTType type) {
    return switch (type) {
      case ALL ->
          Set.of(
              EntryKey.Kind.NEXT_HOP,
              EntryKey.Kind.NEXT_HOP_GROUP,
              EntryKey.Kind.IPV4,
              EntryKey.Kind.IPV6,
              EntryKey.Kind.LABEL);
      case IPV4 -> Set.of(EntryKey.Kind.IPV4);
      case IPV6 -> Set.of(EntryKey.Kind.IPV6);
      case MPLS -> Set.of(EntryKey.Kind.LABEL);
      case NEXTHOP -> Set.of(EntryKey.Kind.NEXT_HOP);
      case NEXTHOP_GROUP -> Set.of(EntryKey.Kind.NEXT_HOP_GROUP);
      case MAC, POLICY_FORWARDING ->
          throw ModifyFaults.plain(Status.UNIMPLEMENTED, "aft: " + type + ": not supported");
      case INVALID, UNRECOGNIZED ->
          throw ModifyFaults.plain(Status.INVALID_ARGUMENT, "aft: none (expected: ALL or a type)");
    };
  }

  // ---- Flush

  void flush(FlushRequest request, StreamObserver<FlushResponse> call) {
    try {
      Collection<RibInstance> flushed = flushedBy(request);
      checkElection(request);
      checkBudget();
      long start = System.nanoTime();
      long entries = flushed.stream().mapToLong(GribiServer::entries).sum();
      boolean remains = rib.flushInstances(flushed);
      GribiLog.flushed(entries, (System.nanoTime() - start) / 1000);
      Instant now = Instant.now();
      call.onNext(
          FlushResponse.newBuilder()
              .setTimestamp(now.getEpochSecond() * 1_000_000_000L + now.getNano())
              .setResult(
                  remains
                      ? FlushResponse.Result.NON_ZERO_REFERENCE_REMAIN
                      : FlushResponse.Result.OK)
              .build());
      call.onCompleted();
    } catch (StatusRuntimeException fault) {
      call.onError(fault);
    }
  }

  private void checkBudget() {
    if (rib.guard().isEnforced()) {
      throw ModifyFaults.plain(
          Status.FAILED_PRECONDITION,
          "flush: this agent is configured by a controller (expected: --removal-budget 100)");
    }
  }

  private static long entries(RibInstance instance) {
    return (long) instance.instance().routes(Family.IPV4).intended()
        + instance.instance().routes(Family.IPV6).intended()
        + instance.hops().size()
        + instance.groups().size()
        + instance.labels().size();
  }

  private Collection<RibInstance> flushedBy(FlushRequest request) {
    return switch (request.getNetworkInstanceCase()) {
      case ALL -> rib.instances();
      case NAME -> List.of(flushed(request.getName()));
      case NETWORKINSTANCE_NOT_SET ->
          throw ModifyFaults.flush(
              Code.INVALID_ARGUMENT,
              FlushResponseError.Reason.UNSPECIFIED_NETWORK_INSTANCE,
              "network_instance: none (expected: a name, or all)");
    };
  }

  private RibInstance flushed(String name) {
    RibInstance instance = rib.instance(name);
    if (instance == null) {
      throw ModifyFaults.flush(
          Code.INVALID_ARGUMENT,
          name.isEmpty()
              ? FlushResponseError.Reason.INVALID_NETWORK_INSTANCE
              : FlushResponseError.Reason.NO_SUCH_NETWORK_INSTANCE,
          "network_instance: '" + name + "' (expected: one of " + names() + ")");
    }
    return instance;
  }

  private void checkElection(FlushRequest request) {
    switch (request.getElectionCase()) {
      case OVERRIDE -> {}
      case ID -> {
        GribiElectionId id = GribiElectionId.of(request.getId());
        if (id.isZero()) {
          throw ModifyFaults.flush(
              Code.INVALID_ARGUMENT,
              FlushResponseError.Reason.INVALID_ELECTION_ID,
              "id: 0 (expected: 1 or more)");
        }
        if (!election.isHeld()) {
          throw ModifyFaults.flush(
              Code.FAILED_PRECONDITION,
              FlushResponseError.Reason.ELECTION_ID_IN_ALL_PRIMARY,
              "id: " + id + " (expected: none, no client ever announced one)");
        }
        if (id.compareTo(election.highest()) < 0) {
          throw ModifyFaults.flush(
              Code.FAILED_PRECONDITION,
              FlushResponseError.Reason.NOT_PRIMARY,
              "id: " + id + " (expected: " + election.highest() + " or more)");
        }
      }
      case ELECTION_NOT_SET -> {
        if (election.isHeld()) {
          throw ModifyFaults.flush(
              Code.FAILED_PRECONDITION,
              FlushResponseError.Reason.UNSPECIFIED_ELECTION_BEHAVIOR,
              "election: none (expected: id or override)");
        }
      }
    }
  }
}
