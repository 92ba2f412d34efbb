package net.donut.tls;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Broken and hostile clients on real sockets, beside a good one that must not notice.
final class ServerLimitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String HELLO = "donut.agent.v1.Agent/Hello";
  private static final ServerLimits LIMITS =
      new ServerLimits(1 << 20, 8, 20, 12, 16, 8, Duration.ofSeconds(2), Duration.ofSeconds(1));

  @TempDir Path directory;
  private final List<Socket> sockets = new ArrayList<>();
  private TestCa ca;
  private TestServer server;
  private TestServer.Client good;

  @BeforeEach
  void start() {
    ca = new TestCa(directory.resolve("ca"));
    server = new TestServer(ca.of(TestCa.EDGE1), Permissions.AGENT, LIMITS);
    good = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1);
    assertThat(good.call(HELLO)).isEqualTo("hello");
  }

  @AfterEach
  void stop() throws IOException {
    good.close();
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private Socket connect() throws IOException {
    return connectFrom("127.0.0.1");
  }

  private Socket connectFrom(String address) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 5000);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    sockets.add(socket);
    return socket;
  }

  /// Whether the other end has hung up, after what it had to say.
  private static boolean isEnded(Socket socket) {
    try {
      byte[] rest = new byte[4096];
      while (true) {
        if (socket.getInputStream().read(rest) < 0) {
          return true;
        }
      }
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void a_connection_that_says_nothing_is_ended() throws IOException {
    Socket silent = connect();
    Socket halfway = connect();
    halfway.getOutputStream().write(new byte[] {22, 3, 1, 2, 0});
    halfway.getOutputStream().flush();

    assertThat(good.call(HELLO)).isEqualTo("hello");
    assertThat(isEnded(silent)).isTrue();
    assertThat(isEnded(halfway)).isTrue();
    assertThat(good.call(HELLO)).isEqualTo("hello");
  }

  @Test
  void more_connections_than_allowed_are_refused_and_room_comes_back() throws IOException {
    List<Socket> many = new ArrayList<>();
    for (int i = 0; i < LIMITS.connectionsOfOneHost() + 5; i++) {
      many.add(connect());
    }

    assertThat(good.call(HELLO)).isEqualTo("hello");
    assertThat(isEnded(many.getLast())).isTrue();
    for (Socket socket : many) {
      socket.close();
    }
    eventually(
        PATIENCE,
        () -> {
          try (TestServer.Client late = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1)) {
            assertThat(late.call(HELLO)).isEqualTo("hello");
          } catch (StatusRuntimeException e) {
            throw new AssertionError(e);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"140, 1", "140, 40", "1000, 1", "1000, 40"})
  void idle_connections_never_keep_a_certified_caller_out(int idle, int addresses)
      throws IOException {
    for (int i = 0; i < idle; i++) {
      connectFrom("127.0.0." + (1 + i % addresses));
      if (i % 50 == 0 || i == idle - 1) {
        try (TestServer.Client late = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1)) {
          assertThat(late.call(HELLO)).as("after %d idle connections", i + 1).isEqualTo("hello");
        }
      }
    }

    assertThat(good.call(HELLO)).isEqualTo("hello");
  }

  @Test
  void the_oldest_handshake_ends_first_and_the_newest_stays() throws IOException {
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i <= LIMITS.handshakesOfOneHost(); i++) {
      idle.add(connect());
    }

    assertThat(isEnded(idle.getFirst())).isTrue();
    idle.getLast().setSoTimeout(1);
    assertThat(isEnded(idle.getLast())).isFalse();
  }

  @Test
  void callers_with_a_certificate_are_bounded_by_themselves() {
    List<TestServer.Client> many = new ArrayList<>();
    try {
      for (int i = 1; i < LIMITS.connectionsOfOneHost(); i++) {
        TestServer.Client client = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1);
        many.add(client);
        assertThat(client.call(HELLO)).isEqualTo("hello");
      }
      try (TestServer.Client over = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1)) {
        assertThat(over.refusal(HELLO)).isNotNull();
      }
      assertThat(good.call(HELLO)).isEqualTo("hello");
    } finally {
      many.forEach(TestServer.Client::close);
    }
  }

  @Test
  void garbage_ends_its_own_connection_only() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 8; i++) {
      Socket socket = connect();
      byte[] garbage = new byte[64 << 10];
      random.nextBytes(garbage);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(garbage);
        out.flush();
      } catch (IOException e) {
        // It hung up before all was written.
      }
      assertThat(isEnded(socket)).isTrue();
    }
    assertThat(good.call(HELLO)).isEqualTo("hello");
  }

  @Test
  void a_flood_of_handshakes_without_a_certificate_leaves_the_good_one_served() throws Exception {
    SSLContext anybody = SSLContext.getInstance("TLSv1.3");
    anybody.init(null, new TrustManager[] {new Believing()}, null);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    try (ExecutorService flood = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < LIMITS.connectionsOfOneHost(); i++) {
        flood.execute(() -> {
          while (!over.get()) {
            if (!isAdmitted(anybody)) {
              refused.incrementAndGet();
            }
          }
        });
      }
      try {
        eventually(PATIENCE, () -> assertThat(refused).hasValueGreaterThan(50));
        for (int i = 0; i < 50; i++) {
          assertThat(good.call(HELLO)).isEqualTo("hello");
        }
      } finally {
        over.set(true);
      }
    }
  }

  /// Shakes hands without a certificate; whether the server then takes a byte and answers.
  private boolean isAdmitted(SSLContext context) {
    try (Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(1);
      return socket.getInputStream().read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /// Takes any server for good.
  private static final class Believing extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void a_message_or_a_header_that_is_too_large_ends_its_call_only() {
    assertThatThrownBy(() -> good.call(HELLO, new byte[2 << 20]))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("filler", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(64 << 10));
    assertThatThrownBy(() ->
            ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(
                    good.channel(), MetadataUtils.newAttachHeadersInterceptor(headers)),
                TestServer.method(HELLO),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                new byte[1]))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(good.call(HELLO)).isEqualTo("hello");
  }

  @Test
  void one_connection_gets_so_many_streams_another_is_served_and_room_comes_back() {
    try (TestServer.Client greedy = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1)) {
      List<ClientCall<byte[], byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < LIMITS.callsOfOneConnection() * 4; i++) {
        ClientCall<byte[], byte[]> call =
            greedy.channel().newCall(TestServer.method(HELLO), CallOptions.DEFAULT);
        call.start(new ClientCall.Listener<>() {}, new Metadata());
        calls.add(call);
      }
      assertThatThrownBy(() ->
              ClientCalls.blockingUnaryCall(
                  greedy.channel(),
                  TestServer.method(HELLO),
                  CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS),
                  new byte[1]))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
      assertThat(server.openCalls()).isEqualTo(LIMITS.callsOfOneConnection());
      assertThat(good.call(HELLO)).isEqualTo("hello");

      calls.forEach(call -> call.cancel("enough", null));

      // A call in the same breath would wait in the client of grpc-java, which does not flush a
      // stream that it opens while a reset is being written; the server has no part in that.
      eventually(PATIENCE, () -> assertThat(server.openCalls()).isZero());
      assertThat(greedy.call(HELLO)).isEqualTo("hello");
    }
  }
}
