package net.donut.agent;

import picocli.CommandLine;

/// Runs `donut agent` as a process of its own for tests.
final class AgentMain {
  private AgentMain() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new AgentCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }
}
