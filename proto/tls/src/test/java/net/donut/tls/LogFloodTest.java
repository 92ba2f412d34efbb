package net.donut.tls;

import static net.donut.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// How much a client can make a server write.
@Isolated("takes System.err")
final class LogFloodTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
  }

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /// Five lines for each second that has begun.
  private static void assertWithinBudget(List<String> lines, long fromNanos) {
    long seconds = 2 + Duration.ofNanos(System.nanoTime() - fromNanos).toSeconds();
    assertThat(lines.size()).as("%s", lines).isLessThanOrEqualTo((int) (5 * seconds));
  }

  @Test
  void malformed_messages_of_a_certified_client_write_five_lines_a_second() {
    TestCa ca = new TestCa(directory);
    try (TestServer server =
            new TestServer(
                ca.of(TestCa.EDGE1),
                Permissions.AGENT,
                new HealthStatusManager().getHealthService());
        TestServer.Client client = server.client(ca.of(TestCa.CONTROLLER), TestCa.EDGE1)) {
      long from = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        try {
          client.call("grpc.health.v1.Health/Check", new byte[] {(byte) 0xff, (byte) 0xff, 7});
        } catch (StatusRuntimeException refused) {
          assertThat(refused.getStatus().isOk()).isFalse();
        }
      }

      eventually(PATIENCE, () -> assertThat(lines()).anyMatch(one -> one.contains("more like it")));
      assertWithinBudget(lines(), from);
      assertThat(lines()).noneMatch(line -> line.startsWith("\tat "));
    }
  }

  @Test
  void calls_that_are_refused_write_five_lines_a_second() {
    TestCa ca = new TestCa(directory);
    try (TestServer server = new TestServer(ca.of(TestCa.EDGE1), Permissions.AGENT);
        TestServer.Client client = server.client(ca.of(TestCa.EDGE1), TestCa.EDGE1)) {
      long from = System.nanoTime();
      for (int i = 0; i < 300; i++) {
        assertThat(client.refusal("donut.agent.v1.Agent/Configure")).isNotNull();
      }

      eventually(
          PATIENCE,
          () -> assertThat(lines()).anyMatch(one -> one.contains("call refused: more like it")));
      assertWithinBudget(lines(), from);
    }
  }

  @Test
  void what_grpc_and_netty_log_is_one_line_each_within_the_budget() {
    TransportLog.install();
    long from = System.nanoTime();
    for (int i = 0; i < 500; i++) {
      Logger.getLogger("io.netty.channel.DefaultChannelPipeline")
          .log(Level.WARNING, "An exception\nwas caught", new IllegalStateException("a\nb"));
    }

    eventually(PATIENCE, () -> assertThat(lines()).anyMatch(one -> one.contains("more like it")));
    assertWithinBudget(lines(), from);
    assertThat(lines().getFirst())
        .contains("An exception was caught", "java.lang.IllegalStateException: a b");
  }
}
