package net.donut.controller;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import net.donut.api.DonutCommand;
import net.donut.tls.TlsOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `donut controller`: runs the controller until it is told to end.
@Command(
    name = "controller",
    mixinStandardHelpOptions = true,
    description = {
      "Run the controller: policy, routes, decision, and the agents' forwarding tables.",
      "A policy applied later (donut policy apply) is kept in the state directory and used after a"
          + " restart, unless the file has changed since."
    },
    footer = {"", "Example: donut controller --policy donut.yaml --tls-dir /etc/donut/tls"})
public final class ControllerCommand implements DonutCommand, Callable<Integer> {
  private static final int REFUSED = 2;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "FILE",
      description = "The policy (YAML).")
  private Path policy = Path.of("donut.yaml");

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "127.0.0.1:9341",
      description = "Where operators are served over TCP (default: ${DEFAULT-VALUE}).")
  private String listen = "";

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      defaultValue = "${env:DONUT_SOCKET:-/run/donut/controller.sock}",
      description = "The Unix socket operators are served on (default: ${DEFAULT-VALUE}).")
  private Path socket = Path.of("controller.sock");

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/donut/controller",
      description = "Where the applied policy and drains are kept (default: ${DEFAULT-VALUE}).")
  private Path stateDirectory = Path.of(".");

  @Option(
      names = "--socket-group",
      paramLabel = "GROUP",
      description =
          "Whose members may use the Unix socket, with every right (default: the group of this"
              + " process).")
  private @Nullable String socketGroup;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Record every input of the decision in a file, for a test that replays it: reports and"
              + " routes of agents, policies, drains, overrides. A full or slow disk ends the"
              + " recording, never the controller.")
  private @Nullable Path record;

  @Mixin private TlsOptions tls = new TlsOptions();

  /// Does no work.
  public ControllerCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    String version = ControllerCommand.class.getPackage().getImplementationVersion();
    ControllerOptions options =
        new ControllerOptions(
            policy,
            address(listen),
            socket,
            socketGroup,
            stateDirectory,
            version == null ? "dev" : version,
            tls.protection("controller"),
            record);
    ControllerProcess process;
    try {
      process = ControllerProcess.start(options);
    } catch (ControllerException e) {
      e.lines().forEach(line -> commandSpec().commandLine().getErr().println(line));
      return REFUSED;
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              process.close();
              ended.countDown();
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
    ended.await();
    return 0;
  }

  private CommandSpec commandSpec() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("picocli gives the spec before the call");
    }
    return known;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(commandSpec().commandLine(), message);
  }

  private InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String expected = " (expected: address:port such as 127.0.0.1:9341)";
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= 65535) {
        String host = text.substring(0, colon).replaceAll("^\\[|\\]$", "");
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (!address.isUnresolved()) {
          return address;
        }
      }
    } catch (NumberFormatException e) {
      throw wrong("--listen: '" + text + "'" + expected);
    }
    throw wrong("--listen: '" + text + "'" + expected);
  }
}
