package net.donut.agent;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import net.donut.agent.fib.FibOptions;
import net.donut.api.DonutCommand;
import net.donut.model.IpAddress;
import net.donut.tls.TlsOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `donut agent`: runs the agent of a router until it is told to stop.
@Command(
    name = "agent",
    mixinStandardHelpOptions = true,
    description = {
      "Run the agent of this router: BGP with its neighbors, and the kernel's routes.",
      "It needs root (or CAP_NET_ADMIN) and a controller that dials it. Stopping it leaves the"
          + " kernel's routes in place."
    },
    footer = {
      "",
      "Example: donut agent --name edge1 --listen 0.0.0.0:9340 --tls-dir /etc/donut/tls"
          + " --state-dir /var/lib/donut/edge1"
    })
public final class AgentCommand implements DonutCommand, Callable<Integer> {
  private static final int REFUSED = 1;
  private static final int FAILED = 4;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The router's name in the policy (default: the host name).")
  private @Nullable String name;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "127.0.0.1:9340",
      converter = Endpoint.class,
      description = "Where gRPC is served (default: ${DEFAULT-VALUE}).")
  private InetSocketAddress listen =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), AgentOptions.DEFAULT_PORT);

  @Mixin private TlsOptions tls = new TlsOptions();

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      defaultValue = "/var/lib/donut/agent",
      description = "Where the last configuration is kept (default: ${DEFAULT-VALUE}).")
  private Path stateDirectory = Path.of("/var/lib/donut/agent");

  @Option(
      names = "--network-instance",
      paramLabel = "NAME=TABLE",
      description = "A gRIBI network instance beside DEFAULT and its kernel table; repeatable.")
  private Map<String, Integer> networkInstances = new LinkedHashMap<>();

  @Option(
      names = "--forward-references",
      paramLabel = "reject|queue",
      defaultValue = "reject",
      description =
          "What becomes of a gRIBI operation that refers to something not yet there (default:"
              + " ${DEFAULT-VALUE}).")
  private AgentOptions.ForwardReferences forwardReferences = AgentOptions.ForwardReferences.REJECT;

  @Option(
      names = "--bgp-port",
      paramLabel = "PORT",
      defaultValue = "179",
      description =
          "Where BGP connections are accepted, 0 for nowhere (default: ${DEFAULT-VALUE}).")
  private int bgpPort = AgentOptions.BGP_PORT;

  @Option(
      names = "--removal-budget",
      paramLabel = "PERCENT",
      defaultValue = "30",
      description =
          "The share of more than 1000 routes that a controller may have removed within a minute"
              + " without saying that neighbors withdrew them; 100 for all (default:"
              + " ${DEFAULT-VALUE}).")
  private int removalPercent = FibOptions.REMOVAL_PERCENT;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Record everything that the owner of routes is told (sessions, routes, requests) in a"
              + " file, for a test to replay; it ends at 4 GiB, or before the disk is full.")
  private @Nullable Path recording;

  /// `ADDRESS:PORT`, `[IPV6]:PORT` or `:PORT`.
  static final class Endpoint implements ITypeConverter<InetSocketAddress> {
    @Override
    public InetSocketAddress convert(String text) {
      int colon = text.lastIndexOf(':');
      String host = colon < 0 ? "" : text.substring(0, colon);
      String port = text.substring(colon + 1);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      if (colon < 0
          || !port.matches("[0-9]{1,5}")
          || Integer.parseInt(port) > 65535
          || (host.indexOf(':') >= 0 && !bracketed)) {
        throw wrong(text);
      }
      String bare = bracketed ? host.substring(1, host.length() - 1) : host;
      try {
        InetAddress address = IpAddress.parse(bare.isEmpty() ? "0.0.0.0" : bare).toInetAddress();
        return new InetSocketAddress(address, Integer.parseInt(port));
      } catch (IllegalArgumentException e) {
        throw wrong(text);
      }
    }

    private static TypeConversionException wrong(String text) {
      return new TypeConversionException(
          "'" + text + "' (expected: ADDRESS:PORT such as 0.0.0.0:9340 or [::]:9340)");
    }
  }

  @Override
  public Integer call() {
    AgentOptions options = options();
    logOneLineAnEvent();
    try (AgentProcess process = AgentProcess.open(options)) {
      Runtime.getRuntime().addShutdownHook(new Thread(process::close, "agent-stop"));
      process.ended().join();
      return 0;
    } catch (AgentException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("donut agent: " + e.getMessage());
      err.flush();
      return REFUSED;
    } catch (CompletionException e) {
      return FAILED;
    }
  }

  private AgentOptions options() {
    try {
      String known = name == null ? hostName() : name;
      return new AgentOptions(
          known,
          listen,
          bgpPort,
          stateDirectory,
          networkInstances,
          forwardReferences,
          removalPercent,
          tls.protection("agent " + known),
          recording);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException("--name: missing (expected: the router's name)", e);
    }
  }

  /// To be called before the first logger is made.
  private static void logOneLineAnEvent() {
    setting("showDateTime", "true");
    setting("dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    setting("showThreadName", "false");
    setting("levelInBrackets", "false");
    setting("logFile", "System.err");
    setting("log.io.netty", "warn");
    setting("log.io.grpc", "warn");
  }

  private static void setting(String key, String value) {
    String property = "org.slf4j.simpleLogger." + key;
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
