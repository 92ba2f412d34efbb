package net.donut.agent.gribi;

import gribi.Gribi.FlushRequest;
import gribi.Gribi.FlushResponse;
import gribi.Gribi.GetRequest;
import gribi.Gribi.GetResponse;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.ModifyResponse;
import gribi.gRIBIGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import net.donut.agent.fib.Fib;

/// The gRIBI service of an agent: hands what clients send to the FIB's thread, and nothing else.
/// Callbacks never block; when the queue is full, a client is told so.
public final class GribiService extends gRIBIGrpc.gRIBIImplBase {
  private final Fib fib;
  private final GribiServer server;

  /// A service on a FIB that has been started.
  public GribiService(Fib fib, ForwardReferences mode) {
    this.fib = fib;
    this.server = new GribiServer(fib.forwarding(), mode);
    if (!fib.submit(() -> fib.addStepper(server))) {
      throw new IllegalStateException("FIB: closed (expected: started)");
    }
  }

  @Override
  public StreamObserver<ModifyRequest> modify(StreamObserver<ModifyResponse> responses) {
    ServerCallStreamObserver<ModifyResponse> call =
        (ServerCallStreamObserver<ModifyResponse>) responses;
    ModifySession session = new ModifySession(server, call);
    call.disableAutoRequest();
    call.setOnReadyHandler(() -> fib.submit(session::drain));
    call.setOnCancelHandler(() -> fib.submit(session::cancelled));
    if (!fib.submit(() -> server.open(session))) {
      throw busy();
    }
    call.request(ModifySession.WINDOW);
    return new StreamObserver<>() {
      @Override
      public void onNext(ModifyRequest request) {
        long arrivedNanos = System.nanoTime();
        if (!fib.submit(() -> session.receive(request, arrivedNanos))) {
          throw busy();
        }
      }

      @Override
      public void onError(Throwable error) {
        fib.submit(session::cancelled);
      }

      @Override
      public void onCompleted() {
        if (!fib.submit(session::halfClosed)) {
          throw busy();
        }
      }
    };
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> responses) {
    ServerCallStreamObserver<GetResponse> call = (ServerCallStreamObserver<GetResponse>) responses;
    call.setOnCancelHandler(() -> {});
    call.setOnReadyHandler(() -> fib.submit(() -> {}));
    if (!fib.submit(() -> server.get(request, call))) {
      call.onError(busy());
    }
  }

  @Override
  public void flush(FlushRequest request, StreamObserver<FlushResponse> responses) {
    ((ServerCallStreamObserver<FlushResponse>) responses).setOnCancelHandler(() -> {});
    if (!fib.submit(() -> server.flush(request, responses))) {
      responses.onError(busy());
    }
  }

  private static RuntimeException busy() {
    return ModifyFaults.plain(
        Status.RESOURCE_EXHAUSTED, "the forwarding thread's queue is full, or it stops");
  }
}
