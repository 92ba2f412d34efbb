package net.donut.agent.fib;

/// Hears of changes on the thread `agent-fib`; must neither block nor throw.
@FunctionalInterface
public interface FibListener {
  void changed(FibEvent event);
}
