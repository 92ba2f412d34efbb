package net.donut.lab.cli;

import net.donut.api.DonutCommand;
import picocli.CommandLine.Command;

/// `donut bench`: measurements that print what docs/bench holds.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    subcommands = {
      FullTableCommand.class,
      FailoverCommand.class,
      EngineCommand.class,
      GribiCommand.class
    },
    description = "Measure Donut, and other routing systems beside it.",
    footer = {"", "Example: donut bench fulltable --routes 1000000 --feeds 2 --against bird,frr"})
public final class BenchCommand implements DonutCommand {}
