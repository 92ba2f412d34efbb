package net.donut.controller.southbound;

import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.core.change.ExportBlock;
import net.donut.core.change.RouterDelta;
import org.jspecify.annotations.Nullable;

/// What the RIB thread tells one agent, and where operators' questions to the agent go. Usable from
/// any thread; each command is done later, in order.
public interface AgentDriver extends AutoCloseable {

  /// Where an agent listens and how long to wait between attempts.
  record Address(String router, String host, int port, Duration firstRetry, Duration lastRetry) {
    public Address(String router, String host, int port) {
      this(router, host, port, Duration.ofMillis(50), Duration.ofSeconds(2));
    }

    public String text() {
      return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// Why routes change.
  enum Cause {
    /// Neighbors said so, or their sessions and links did.
    NEIGHBORS,
    /// The operator did: policy, drain.
    OPERATOR
  }

  /// The agent's channel, for questions that operators pass on.
  ManagedChannel channel();

  Address address();

  /// Configures the agent, now and on every connection.
  void configure(ConfigureRequest request);

  /// Folds the changes of a generation into the intent; null when there are none for this router.
  void change(long newGeneration, @Nullable RouterDelta delta, Cause cause);

  /// Asks again now for what the agent refused.
  void retryNow();

  /// Lets go what waits for other routers, up to a ticket.
  void open(long ticket);

  /// The intent is complete: from now on the agent is made equal to it.
  void release();

  /// Lets go announcements of generations that all other routers have done.
  void othersDone(long doneGeneration);

  /// Announces the full content to the neighbors of this router, if the agent is connected.
  void announceAll(List<? extends ExportBlock> blocks, long ofGeneration);

  /// Announces changes of a generation: withdrawals at once, announcements when this router
  /// acknowledged the prefix and all others the generation. Before the first full content of a
  /// connection they are part of that.
  void announce(List<? extends ExportBlock> blocks, long ofGeneration);

  @Override
  void close();
}
