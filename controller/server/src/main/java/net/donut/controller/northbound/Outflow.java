package net.donut.controller.northbound;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import net.donut.model.queue.Mailbox;

/// The way out of one call: a message goes when the caller takes it, so that a slow caller holds up
/// its own thread only. Used by that thread; callbacks of the call only wake it.
final class Outflow<T> {
  private static final long LOOK_MILLIS = 100;

  /// The caller went away.
  static final class GoneException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final ServerCallStreamObserver<T> call;
  private final Mailbox<Boolean> ready = new Mailbox<>(1);

  private Outflow(ServerCallStreamObserver<T> call) {
    this.call = call;
  }

  /// Must be made before the method of the service returns.
  static <T> Outflow<T> to(StreamObserver<T> observer) {
    ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
    Outflow<T> outflow = new Outflow<>(call);
    call.setOnReadyHandler(outflow::look);
    call.setOnCancelHandler(outflow::look);
    return outflow;
  }

  private void look() {
    boolean _ = ready.offer(true);
  }

  boolean isGone() {
    return call.isCancelled();
  }

  /// Sends a message, waiting while the caller does not take any.
  void send(T message) {
    try {
      while (!call.isReady() && !call.isCancelled()) {
        boolean _ = ready.awaitMillis(LOOK_MILLIS);
        int _ = ready.drain(_ -> {}, 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GoneException();
    }
    if (call.isCancelled()) {
      throw new GoneException();
    }
    call.onNext(message);
  }
}
