package net.donut.agent.rib;

/// Something the service asks of the RIB; runs on `agent-rib`.
@FunctionalInterface
public interface RibTask {
  void run(AgentRib rib);
}
