package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.api.operator.v1.DrainRequest;
import net.donut.api.operator.v1.DrainResponse;
import net.donut.api.operator.v1.OperatorGrpc;
import net.donut.api.operator.v1.StatusRequest;
import net.donut.api.operator.v1.StatusResponse;
import net.donut.tls.Permissions;
import net.donut.tls.Protection;
import net.donut.tls.ServerLimits;
import net.donut.tls.TlsFiles;
import net.donut.tls.TransportSecurity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `donut pki` from the command line, and operators with what it gave them, over TCP.
final class TlsDialTest {
  @TempDir Path directory;
  private final EventLoopGroup loop = new EpollEventLoopGroup(1);
  private Path pki;

  @BeforeEach
  void makeAuthority() {
    pki = directory.resolve("pki");
    assertThat(run("pki", "init").code()).isZero();
    for (String who :
        List.of("controller", "operator-read kay", "operator-write kay", "agent edge1")) {
      List<String> words = new java.util.ArrayList<>(List.of("pki", "issue"));
      words.addAll(List.of(who.split(" ")));
      assertThat(run(words.toArray(String[]::new)).code()).as(who).isZero();
    }
  }

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private record Run(int code, String out, String err) {}

  /// Runs a command; those of `pki` on the authority of this test.
  private Run run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Donut.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new java.util.ArrayList<>(List.of(words));
    if (words[0].equals("pki")) {
      all.addAll(List.of("--dir", pki.toString()));
    }
    int code = line.execute(all.toArray(String[]::new));
    return new Run(code, out.toString(), err.toString().strip());
  }

  private String dir(String holder) {
    return pki.resolve("issued").resolve(holder).toString();
  }

  /// A controller that answers, over TCP.
  private final class Serving implements AutoCloseable {
    private final TransportSecurity security;
    private final Server server;

    Serving(Protection protection) throws IOException {
      security = TransportSecurity.open(protection);
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .bossEventLoopGroup(loop)
              .workerEventLoopGroup(loop)
              .addService(new Answers());
      security.protect(
          builder,
          EpollServerSocketChannel::new,
          Permissions.CONTROLLER,
          ServerLimits.OPERATORS,
          "test");
      server = builder.build().start();
    }

    String address() {
      return "127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
      server.shutdownNow();
      security.close();
    }
  }

  private static final class Answers extends OperatorGrpc.OperatorImplBase {
    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
      answer.onNext(
          StatusResponse.newBuilder().setConverged(true).addWarnings("cert ends").build());
      answer.onCompleted();
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<DrainResponse> answer) {
      answer.onNext(DrainResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private Serving serving() throws IOException {
    return new Serving(new Protection.MutualTls(TlsFiles.in(Path.of(dir("controller")))));
  }

  @Test
  void who_may_look_may_not_act() throws IOException {
    try (Serving controller = serving()) {
      String at = controller.address();

      Run status = run("status", "--controller", at, "--tls-dir", dir("operator-read-kay"));
      assertThat(status.err()).isEmpty();
      assertThat(status.out()).contains("converged").contains("warning: cert ends");

      Run refused =
          run("drain", "tier1a", "--controller", at, "--tls-dir", dir("operator-read-kay"));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .isEqualTo(
              "donut: refused: donut:operator-read:kay may not call"
                  + " donut.operator.v1.Operator/Drain (allowed: operator-write); use a certificate"
                  + " of a role that may, or the controller's socket");

      Run done = run("drain", "tier1a", "--controller", at, "--tls-dir", dir("operator-write-kay"));
      assertThat(done.err()).isEmpty();
      assertThat(done.code()).isZero();
    }
  }

  @Test
  void each_way_to_get_it_wrong_is_one_line_that_says_what_to_do() throws IOException {
    try (Serving controller = serving()) {
      String at = controller.address();

      assertRefused(
          2,
          "--tls-dir: missing (expected: --tls-dir DIR with what `donut pki issue operator-read"
              + " NAME` wrote, or --insecure to run without TLS)",
          run("status", "--controller", at));
      assertRefused(
          3,
          "controller at "
              + at
              + ": it does not speak plain gRPC; if it uses TLS, give --tls-dir DIR in place of"
              + " --insecure",
          run("status", "--controller", at, "--insecure"));
      assertRefused(
          2,
          dir("nobody")
              + "/ca.pem: no such file; make credentials with `donut pki issue`"
              + " (docs/security.md)",
          run("status", "--controller", at, "--tls-dir", dir("nobody")));
    }
    try (Serving insecure = new Serving(new Protection.Insecure())) {
      assertRefused(
          3,
          "controller at "
              + insecure.address()
              + ": it does not use TLS; start it with --tls-dir DIR, or give --insecure here too",
          run("status", "--controller", insecure.address(), "--tls-dir", dir("operator-read-kay")));
    }
    try (Serving agent =
        new Serving(new Protection.MutualTls(TlsFiles.in(Path.of(dir("agent-edge1")))))) {
      assertRefused(
          3,
          "controller at "
              + agent.address()
              + ": the server is donut:agent:edge1 (expected: donut:controller); check the address,"
              + " or issue it a certificate of that role",
          run("status", "--controller", agent.address(), "--tls-dir", dir("operator-read-kay")));
    }
  }

  private static void assertRefused(int code, String line, Run run) {
    assertThat(run.err().lines().findFirst().orElse("")).isEqualTo("donut: " + line);
    assertThat(run.code()).isEqualTo(code);
  }

  @Test
  void one_command_makes_an_authority_and_issues_and_a_wrong_role_makes_nothing() {
    pki = directory.resolve("other");
    Run refused = run("pki", "init", "--issue", "controller", "--issue", "king:kay");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(pki).doesNotExist();

    Run made = run("pki", "init", "--issue", "controller", "--issue", "agent:edge1");

    assertThat(made.out().lines()).hasSize(3);
    assertThat(made.out()).contains(dir("controller"), dir("agent-edge1"));
    assertThat(run("pki", "list").out().lines().filter(line -> line.contains(" valid ")))
        .hasSize(2);
  }

  @Test
  void what_is_issued_is_listed_renewed_and_revoked() throws IOException {
    Run list = run("pki", "list");
    assertThat(list.out().lines().filter(line -> line.contains(" valid "))).hasSize(4);
    assertThat(list.out()).contains("donut:agent:edge1").contains(dir("agent-edge1"));
    assertThat(run("pki", "list", "-o", "json").out())
        .contains("\"role\": \"donut:operator-read:kay\"");

    byte[] before = Files.readAllBytes(Path.of(dir("agent-edge1"), "cert.pem"));
    Run renewed = run("pki", "renew", dir("agent-edge1"), "--days", "30");
    assertThat(renewed.out()).startsWith("donut:agent:edge1, serial number ");
    assertThat(Files.readAllBytes(Path.of(dir("agent-edge1"), "cert.pem"))).isNotEqualTo(before);

    String serial = renewed.out().replaceFirst("(?s).*serial number ([0-9a-f]+),.*", "$1");
    assertThat(run("pki", "revoke", serial).out()).startsWith("donut:agent:edge1 is revoked; copy");
    assertThat(run("pki", "list").out()).contains(" revoked ");
    assertRefused(1, serial + ": revoked at ", run("pki", "revoke", serial), "already");
    assertThat(run("pki", "renew", dir("agent-edge1")).err()).contains("was revoked");
    assertThat(run("pki", "issue", "king", "kay").code()).isEqualTo(2);
    assertThat(run("pki", "init").err()).contains("holds a certificate authority");
  }

  private static void assertRefused(int code, String start, Run run, String end) {
    assertThat(run.err()).startsWith("donut: " + start).endsWith(end);
    assertThat(run.code()).isEqualTo(code);
  }
}
