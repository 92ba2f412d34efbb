package net.donut.controller.northbound;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.controller.southbound.AgentDriver;

/// Questions about a kernel, passed on to its agent.
final class FibQuestions {
  private FibQuestions() {}

  /// Passes every answer on. Throws UNAVAILABLE, saying which agent, when it does not answer.
  static void ask(
      AgentDriver driver,
      InspectFibRequest query,
      long seconds,
      Consumer<InspectFibResponse> receiver) {
    Iterator<InspectFibResponse> answers =
        AgentGrpc.newBlockingStub(driver.channel())
            .withDeadlineAfter(seconds, TimeUnit.SECONDS)
            .inspectFib(query);
    try {
      while (answers.hasNext()) {
        receiver.accept(answers.next());
      }
    } catch (StatusRuntimeException e) {
      throw failure(driver, e.getStatus());
    }
  }

  /// Lifts the removal budget of an agent; returns how many removals it has refused so far.
  static long allowRemoval(AgentDriver driver, int seconds, long timeoutSeconds) {
    try {
      return AgentGrpc.newBlockingStub(driver.channel())
          .withDeadlineAfter(timeoutSeconds, TimeUnit.SECONDS)
          .allowRemoval(
              net.donut.api.agent.v1.AllowRemovalRequest.newBuilder().setSeconds(seconds).build())
          .getRefused();
    } catch (StatusRuntimeException e) {
      throw failure(driver, e.getStatus());
    }
  }

  private static StatusRuntimeException failure(AgentDriver driver, Status status) {
    String agent = driver.address().router() + " (" + driver.address().text() + ")";
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED ->
          OperatorFailures.unavailable(
              "agent of %s does not answer: start donut agent there, or check the address"
                  .formatted(agent));
      case INVALID_ARGUMENT, NOT_FOUND -> status.asRuntimeException();
      default ->
          status
              .withDescription("agent of " + agent + ": " + status.getDescription())
              .asRuntimeException();
    };
  }
}
