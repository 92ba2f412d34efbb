package net.donut.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import net.donut.agent.fib.FibOptions;
import net.donut.tls.Protection;
import org.jspecify.annotations.Nullable;

/// The settings of one agent process; everything else comes from its controller.
///
/// @param listen where gRPC is served; port 0 takes any free one
/// @param bgpPort where BGP connections are accepted, 0 for nowhere
/// @param networkInstances kernel table by network instance, beside `DEFAULT`
/// @param recording the file that the inputs of the owner of routes are recorded in, null for none
/// @param removalPercent the share of its routes that a controller may have removed within a minute
///   without saying why, 1..100
public record AgentOptions(
    String name,
    InetSocketAddress listen,
    int bgpPort,
    Path stateDirectory,
    Map<String, Integer> networkInstances,
    ForwardReferences forwardReferences,
    int removalPercent,
    Protection protection,
    @Nullable Path recording) {
  public static final int DEFAULT_PORT = 9340;
  public static final int BGP_PORT = 179;

  /// What becomes of a gRIBI operation that refers to something not yet there.
  public enum ForwardReferences {
    REJECT,
    QUEUE
  }

  public AgentOptions {
    networkInstances = Map.copyOf(new TreeMap<>(networkInstances));
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: '" + name + "' (expected: not blank)");
    }
    FibOptions.checkRemovalPercent(removalPercent);
    if (bgpPort < 0 || bgpPort > 65535) {
      throw new IllegalArgumentException("bgp port: " + bgpPort + " (expected: 0..65535)");
    }
  }

  /// The defaults of the command line for a name and a state directory, on any free port of
  /// loopback, without TLS.
  public static AgentOptions of(String name, Path stateDirectory) {
    return new AgentOptions(
        name,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        BGP_PORT,
        stateDirectory,
        Map.of(),
        ForwardReferences.REJECT,
        FibOptions.REMOVAL_PERCENT,
        new Protection.Insecure(),
        null);
  }

  public AgentOptions withListen(InetSocketAddress value) {
    return new AgentOptions(
        name,
        value,
        bgpPort,
        stateDirectory,
        networkInstances,
        forwardReferences,
        removalPercent,
        protection,
        recording);
  }

  public AgentOptions withProtection(Protection value) {
    return new AgentOptions(
        name,
        listen,
        bgpPort,
        stateDirectory,
        networkInstances,
        forwardReferences,
        removalPercent,
        value,
        recording);
  }

  public AgentOptions withBgpPort(int value) {
    return new AgentOptions(
        name,
        listen,
        value,
        stateDirectory,
        networkInstances,
        forwardReferences,
        removalPercent,
        protection,
        recording);
  }

  public AgentOptions withRecording(Path value) {
    return new AgentOptions(
        name,
        listen,
        bgpPort,
        stateDirectory,
        networkInstances,
        forwardReferences,
        removalPercent,
        protection,
        value);
  }
}
