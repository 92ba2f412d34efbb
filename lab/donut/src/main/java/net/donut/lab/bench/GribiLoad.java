package net.donut.lab.bench;

import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.ModifyResponse;
import gribi.Gribi.Uint128;
import gribi_aft.GribiAft.Afts;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import net.donut.api.GribiSession;
import net.donut.lab.net.LabException;
import net.donut.model.Prefixes;
import ywrapper.Ywrapper.StringValue;
import ywrapper.Ywrapper.UintValue;

/// One Modify stream that gives every prefix to one group of one next hop: it writes as fast as the
/// transport takes it, and reads results once [#readAll] was called.
final class GribiLoad implements ClientResponseObserver<ModifyRequest, ModifyResponse> {
  static final int OPERATIONS_A_MESSAGE = 1000;
  private static final String INSTANCE = "DEFAULT";

  private final Prefixes prefixes;
  private final FeedLink exit;
  private final Uint128 election;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong programmed = new AtomicLong();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final CompletableFuture<ClientCallStreamObserver<ModifyRequest>> stream =
      new CompletableFuture<>();

  /// @param electionId higher than that of every load before
  GribiLoad(Prefixes prefixes, FeedLink exit, long electionId) {
    this.prefixes = prefixes;
    this.exit = exit;
    this.election = Uint128.newBuilder().setLow(electionId).build();
  }

  /// Prefixes handed to the transport.
  long sent() {
    return sent.get();
  }

  /// Results read that say that the kernel has the entry.
  long programmed() {
    return programmed.get();
  }

  void readAll() {
    stream.join().request(Integer.MAX_VALUE);
  }

  /// Waits until the kernel has everything. Throws LabException naming the first entry refused.
  void await(Duration limit) {
    try {
      done.get(limit.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    } catch (ExecutionException e) {
      throw new LabException("gRIBI: " + e.getMessage(), e);
    } catch (TimeoutException e) {
      throw new LabException(
          "gRIBI: %,d of %,d entries in the kernel after %d s"
              .formatted(programmed(), prefixes.size(), limit.toSeconds()),
          e);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<ModifyRequest> call) {
    call.disableAutoRequestWithInitial(0);
    call.setOnReadyHandler(() -> write(call));
    stream.complete(call);
  }

  private void write(ClientCallStreamObserver<ModifyRequest> call) {
    if (sent.get() == 0) {
      open(call);
    }
    while (call.isReady() && sent.get() < prefixes.size()) {
      ModifyRequest.Builder message = ModifyRequest.newBuilder();
      int from = (int) sent.get();
      int to = Math.min(from + OPERATIONS_A_MESSAGE, prefixes.size());
      for (int i = from; i < to; i++) {
        message.addOperation(route(i));
      }
      sent.set(to);
      call.onNext(message.build());
    }
  }

  private void open(ClientCallStreamObserver<ModifyRequest> call) {
    call.onNext(GribiSession.PARAMETERS);
    call.onNext(ModifyRequest.newBuilder().setElectionId(election).build());
    call.onNext(ModifyRequest.newBuilder().addOperation(nextHop()).addOperation(group()).build());
  }

  private AFTOperation.Builder operation(long id) {
    return AFTOperation.newBuilder()
        .setId(id)
        .setNetworkInstance(INSTANCE)
        .setOp(AFTOperation.Operation.ADD)
        .setElectionId(election);
  }

  private AFTOperation.Builder nextHop() {
    return operation(1)
        .setNextHop(
            Afts.NextHopKey.newBuilder()
                .setIndex(1)
                .setNextHop(
                    Afts.NextHop.newBuilder()
                        .setIpAddress(string(exit.neighbor().toString()))
                        .setInterfaceRef(
                            Afts.NextHop.InterfaceRef.newBuilder()
                                .setInterface(string(exit.routerDevice())))));
  }

  private AFTOperation.Builder group() {
    Afts.NextHopGroup.NextHopKey.Builder member =
        Afts.NextHopGroup.NextHopKey.newBuilder()
            .setIndex(1)
            .setNextHop(Afts.NextHopGroup.NextHop.newBuilder().setWeight(uint(1)));
    return operation(2)
        .setNextHopGroup(
            Afts.NextHopGroupKey.newBuilder()
                .setId(1)
                .setNextHopGroup(Afts.NextHopGroup.newBuilder().addNextHop(member)));
  }

  private AFTOperation.Builder route(int i) {
    return operation(i + 3L)
        .setIpv4(
            Afts.Ipv4EntryKey.newBuilder()
                .setPrefix(prefixes.get(i).toString())
                .setIpv4Entry(Afts.Ipv4Entry.newBuilder().setNextHopGroup(uint(1))));
  }

  private static UintValue uint(long value) {
    return UintValue.newBuilder().setValue(value).build();
  }

  private static StringValue string(String value) {
    return StringValue.newBuilder().setValue(value).build();
  }

  @Override
  public void onNext(ModifyResponse response) {
    for (AFTResult result : response.getResultList()) {
      switch (result.getStatus()) {
        case FIB_PROGRAMMED -> programmed.incrementAndGet();
        case RIB_PROGRAMMED -> {
          // The kernel's answer follows.
        }
        default -> done.completeExceptionally(new LabException("refused: " + result));
      }
    }
    if (programmed.get() == prefixes.size() + 2L) {
      done.complete(null);
    }
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
    stream.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    done.completeExceptionally(new LabException("the agent ended the stream"));
  }
}
