package net.donut.agent.gribi;

import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTResult;
import gribi.Gribi.AFTType;
import gribi.Gribi.Empty;
import gribi.Gribi.FlushRequest;
import gribi.Gribi.FlushResponse;
import gribi.Gribi.GetRequest;
import gribi.Gribi.GetResponse;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.ModifyResponse;
import gribi.Gribi.Uint128;
import gribi.gRIBIGrpc;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.donut.agent.fib.TestNamespace;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Many entries in one stream: `-Ddonut.gribi.entries=1000000` for a full table.
@NeedsKernel
class GribiScaleTest {
  private static final int ENTRIES = Integer.getInteger("donut.gribi.entries", 100_000);
  private static final int A_MESSAGE = 1000;

  private final TestNamespace namespace = new TestNamespace();
  private final TestAgent agent = new TestAgent(namespace, ForwardReferences.REJECT);

  @AfterEach
  void stop() {
    agent.close();
    namespace.close();
  }

  /// Writes as the transport allows, reads as the test allows.
  private static final class Bulk implements ClientResponseObserver<ModifyRequest, ModifyResponse> {
    private final Uint128 election = Uint128.newBuilder().setLow(1).build();
    private final AtomicLong programmed = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final CompletableFuture<ClientCallStreamObserver<ModifyRequest>> stream =
        new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<ModifyRequest> call) {
      call.disableAutoRequestWithInitial(0);
      call.setOnReadyHandler(() -> write(call));
      stream.complete(call);
    }

    private void write(ClientCallStreamObserver<ModifyRequest> call) {
      if (sent.get() == 0) {
        call.onNext(
            ModifyRequest.newBuilder().setParams(GribiClient.supported(RIB_AND_FIB_ACK)).build());
        call.onNext(ModifyRequest.newBuilder().setElectionId(election).build());
        call.onNext(
            ModifyRequest.newBuilder()
                .addOperation(nextHop(1, "192.0.2.1").setId(1).setElectionId(election))
                .addOperation(group(1, 1).setId(2).setElectionId(election))
                .build());
      }
      while (call.isReady() && sent.get() < ENTRIES) {
        ModifyRequest.Builder message = ModifyRequest.newBuilder();
        for (int i = 0; i < A_MESSAGE && sent.get() < ENTRIES; i++) {
          int n = (int) sent.getAndIncrement();
          String prefix =
              "" + (20 + (n >> 16)) + "." + ((n >> 8) & 255) + "." + (n & 255) + ".0/24";
          message.addOperation(ipv4(prefix, 1).setId(n + 3).setElectionId(election));
        }
        call.onNext(message.build());
      }
    }

    @Override
    public void onNext(ModifyResponse response) {
      for (AFTResult result : response.getResultList()) {
        if (result.getStatus() == AFTResult.Status.FIB_PROGRAMMED) {
          programmed.incrementAndGet();
        }
      }
      if (programmed.get() == ENTRIES + 2) {
        done.complete(true);
      }
    }

    @Override
    public void onError(Throwable error) {
      done.completeExceptionally(error);
      stream.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      done.complete(true);
    }
  }

  private Bulk begin() {
    Bulk bulk = new Bulk();
    gRIBIGrpc.newStub(agent.channel()).modify(bulk);
    return bulk;
  }

  private long inFib() {
    return agent.fib().counters().installed();
  }

  @Test
  void a_table_goes_in_and_is_read_back_and_is_flushed() throws Exception {
    long start = System.nanoTime();
    Bulk bulk = begin();
    bulk.stream.join().request(Integer.MAX_VALUE);

    bulk.done.get(120, TimeUnit.SECONDS);

    long in = System.nanoTime();
    gRIBIGrpc.gRIBIBlockingStub stub =
        gRIBIGrpc.newBlockingStub(agent.channel()).withDeadlineAfter(120, TimeUnit.SECONDS);
    AtomicLong read = new AtomicLong();
    stub.get(GetRequest.newBuilder().setName("DEFAULT").setAft(AFTType.IPV4).build())
        .forEachRemaining((GetResponse part) -> read.addAndGet(part.getEntryCount()));
    long got = System.nanoTime();
    assertThat(read).hasValue(ENTRIES);
    assertThat(namespace.ip("route show proto 64").lines().count()).isEqualTo(ENTRIES);
    long flush = System.nanoTime();
    FlushResponse flushed =
        stub.flush(
            FlushRequest.newBuilder()
                .setOverride(Empty.getDefaultInstance())
                .setAll(Empty.getDefaultInstance())
                .build());
    long end = System.nanoTime();
    assertThat(flushed.getResult()).isEqualTo(FlushResponse.Result.OK);
    assertThat(namespace.ip("route show proto 64")).isEmpty();
    System.out.printf(
        "entries %d: in %d ms, get %d ms, flush %d ms%n",
        ENTRIES, (in - start) / 1_000_000, (got - in) / 1_000_000, (end - flush) / 1_000_000);
  }

  @Test
  void a_client_that_does_not_read_is_not_listened_to() throws Exception {
    Bulk bulk = begin();
    long[] seen = {0, System.nanoTime()};

    // Until nothing moved for half a second: the windows of both directions are full.
    Eventually.until(
        "the agent to stop listening",
        () -> {
          long now = inFib() + bulk.sent.get();
          if (now != seen[0]) {
            seen[0] = now;
            seen[1] = System.nanoTime();
          }
          return bulk.sent.get() > 0 && System.nanoTime() - seen[1] > 500_000_000L;
        });
    long stoppedAt = inFib();
    assertThat(stoppedAt).isLessThan(ENTRIES);
    assertThat(bulk.programmed).hasValue(0);

    bulk.stream.join().request(Integer.MAX_VALUE);

    bulk.done.get(120, TimeUnit.SECONDS);
    Eventually.until("all in the kernel", () -> inFib() == ENTRIES);
  }
}
