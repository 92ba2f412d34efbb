package net.donut.agent.service;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.Adjacency;
import net.donut.agent.fib.Failure;
import net.donut.agent.fib.Fib;
import net.donut.agent.fib.FibOptions;
import net.donut.agent.fib.ForwardingPort;
import net.donut.agent.rib.BgpEdge;
import net.donut.agent.rib.RibRecorder;
import net.donut.agent.rib.RibThread;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.Neighbor;
import net.donut.bgp.BgpEventLoops;
import net.donut.bgp.BgpListener;
import net.donut.bgp.BgpNeighborConfig;
import net.donut.bgp.BgpSpeaker;
import net.donut.bgp.Down;
import net.donut.bgp.Outbound;
import net.donut.bgp.SessionInfo;
import net.donut.bgp.SpeakerConfig;
import net.donut.model.IpAddress;
import net.donut.model.ReturnHolds;
import net.donut.wire.bgp.BgpMessage;

/// The agent without kernel and network: its service over in-process gRPC, its sessions over
/// loopback to a neighbor that is another speaker.
final class ServiceFixture implements AutoCloseable {
  static final String NEIGHBOR = "n1/ipv4";

  final AgentState state;
  final RibThread rib;
  final ManagedChannel channel;
  final List<Throwable> failures = new ArrayList<>();
  private final EventLoopGroup loops = BgpEventLoops.single(new DefaultThreadFactory("test-bgp"));
  private final BgpSpeaker speaker;
  private final Server server;
  private final ArrayDeque<Peer> parts = new ArrayDeque<>();

  /// There is no kernel to move traffic in.
  private static final class NoForwarding implements ForwardingPort {
    @Override
    public void judge(String source, Set<Adjacency> failed, Failure failure) {}

    @Override
    public void holds(ReturnHolds.Range range) {}
  }

  ServiceFixture(Path directory) throws IOException {
    state = new AgentState(directory, failures::add);
    rib = new RibThread(state, RibRecorder.none(), failures::add);
    EventLoop loop = loops.next();
    BgpEdge edge = new BgpEdge(rib, loop, state::session, _ -> {});
    speaker = new BgpSpeaker(SpeakerConfig.connectOnly(), loop, edge, edge);
    edge.attach(speaker);
    state.start(new AgentParts(rib, speaker, edge, _ -> {}, new NoForwarding()));
    Fib fib = new Fib(FibOptions.defaults(directory), _ -> {});
    AgentService service =
        new AgentService("test", "0", System.nanoTime(), state, rib, fib, List::of);
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).addService(service).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  AgentGrpc.AgentBlockingStub blocking() {
    return AgentGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  AgentGrpc.AgentStub async() {
    return AgentGrpc.newStub(channel);
  }

  /// A neighbor speaker, and the agent configured to connect to it.
  Peer peer() {
    Peer peer = new Peer();
    parts.push(peer);
    blocking()
        .configure(
            ConfigureRequest.newBuilder()
                .setGeneration(1)
                .setLocalAs(64500)
                .setRouterId("10.0.0.1")
                .addNeighbors(
                    Neighbor.newBuilder()
                        .setName(NEIGHBOR)
                        .setAddress("127.0.0.1")
                        .setLocalAddress("127.0.0.2")
                        .setPort(peer.port)
                        .setRemoteAs(64601)
                        .setNextHopIpv4("192.0.2.1")
                        .addFamilies(Family.FAMILY_IPV4))
                .build());
    return peer;
  }

  /// The other end: sends what is queued, remembers what it hears.
  static final class Peer implements AutoCloseable, BgpListener {
    final Queue<Outbound> toSend = new ConcurrentLinkedQueue<>();
    final Queue<BgpMessage.Update> heard = new ConcurrentLinkedQueue<>();
    final Queue<String> events = new ConcurrentLinkedQueue<>();
    final int port;
    private final EventLoopGroup loops =
        BgpEventLoops.single(new DefaultThreadFactory("test-peer"));
    private final BgpSpeaker speaker;

    Peer() {
      speaker =
          new BgpSpeaker(
              new SpeakerConfig(
                  List.of(new SpeakerConfig.Endpoint(IpAddress.parse("127.0.0.1"), 0)),
                  SpeakerConfig.Start.FRESH),
              loops.next(),
              this,
              (_, _) -> toSend.poll());
      speaker.start().join();
      port = speaker.boundPorts().join().getFirst();
      speaker
          .configure(
              List.of(
                  BgpNeighborConfig.builder("agent", IpAddress.parse("127.0.0.2"))
                      .localAs(64601)
                      .remoteAs(64500)
                      .routerId(IpAddress.parse("10.0.0.2"))
                      .connect(BgpNeighborConfig.Connect.PASSIVE)
                      .build()))
          .join();
    }

    void send(Outbound piece) {
      toSend.add(piece);
      speaker.wake("agent");
    }

    @Override
    public void established(String neighbor, SessionInfo session) {
      events.add("established");
    }

    @Override
    public void update(String neighbor, BgpMessage.Update update) {
      heard.add(update);
    }

    @Override
    public void endOfRib(String neighbor, net.donut.model.Family family) {
      events.add("end " + family);
    }

    @Override
    public void refreshRequested(String neighbor, net.donut.model.Family family) {}

    @Override
    public void markStale(String neighbor, net.donut.model.Family family) {}

    @Override
    public void sweepStale(String neighbor, net.donut.model.Family family) {}

    @Override
    public void down(String neighbor, Down down) {
      events.add("down " + down.text());
    }

    @Override
    public void close() {
      speaker.close();
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    for (Peer part : parts) {
      part.close();
    }
    speaker.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
    state.close();
    rib.close();
    if (!failures.isEmpty()) {
      throw new AssertionError("an owner thread failed", failures.getFirst());
    }
  }
}
