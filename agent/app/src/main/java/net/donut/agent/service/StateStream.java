package net.donut.agent.service;

import io.grpc.stub.ServerCallStreamObserver;
import net.donut.api.agent.v1.StateEvent;

/// State on its way to one gRPC stream. Owned by `agent-state`, the stream's only writer.
final class StateStream implements StateSubscriber {
  private final ServerCallStreamObserver<StateEvent> stream;

  /// To be called within the gRPC method, before it returns.
  StateStream(ServerCallStreamObserver<StateEvent> stream, AgentState state) {
    this.stream = stream;
    stream.setOnReadyHandler(state::wake);
    stream.setOnCancelHandler(() -> state.submit(owned -> owned.unsubscribe(this)));
  }

  @Override
  public boolean isReady() {
    return stream.isReady();
  }

  @Override
  public void next(StateEvent event) {
    stream.onNext(event);
  }
}
