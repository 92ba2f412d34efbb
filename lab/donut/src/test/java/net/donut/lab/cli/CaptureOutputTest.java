package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.net.Launcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `donut lab links capture -w -`: packets on standard output, for a pipe into another program, and
/// nothing else.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class CaptureOutputTest {
  private static final int LITTLE_ENDIAN_MAGIC = 0xd4c3b2a1;

  @TempDir private Path directory;
  private DeployedLab lab;

  @SuppressWarnings("NullAway.Init")
  CaptureOutputTest() {}

  @BeforeEach
  void deploy() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.clab.yml"),
            """
            name: x
            topology:
              defaults: {kind: linux, image: alpine}
              nodes:
                r1: {exec: [ip addr add 10.0.0.1/24 dev eth1]}
                r2: {exec: [ip addr add 10.0.0.2/24 dev eth1]}
              links:
                - endpoints: ["r1:eth1", "r2:eth1"]
            """);
    String name = "tcapture" + ProcessHandle.current().pid();
    lab = DeployedLab.deploy(DeployedLab.plan(file, RuntimeKind.NETNS, name, directory));
  }

  @AfterEach
  void destroy() {
    lab.close();
  }

  private Process capture(String... options) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of("lab", "links", "capture", "r1:eth1", "--name", lab.record().lab()));
    words.addAll(List.of(options));
    return new ProcessBuilder(Launcher.command(words)).start();
  }

  /// Sends pings while the process lives, so that there is something to capture.
  private void pingWhile(Process process) {
    Thread.ofVirtual()
        .start(() -> {
          while (process.isAlive()) {
            lab.exec("r1", "ping -c 3 -i 0.2 -W 1 10.0.0.2");
          }
        });
  }

  @Test
  void standard_output_is_a_capture_and_nothing_else() throws Exception {
    Process process = capture("--count", "4", "-w", "-");
    pingWhile(process);

    byte[] output = process.getInputStream().readAllBytes();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(errors).isZero();
    assertThat(packets(output)).isEqualTo(4);
  }

  @Test
  void it_ends_when_its_reader_leaves() throws Exception {
    Process process = capture("-w", "-");
    pingWhile(process);
    assertThat(process.getInputStream().readNBytes(24)).hasSize(24);

    process.getInputStream().close();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  /// The packets of a capture of libpcap's format: a header of 24 octets, then records of 16 octets
  /// and as many of the packet as the third number of them says, to the last octet.
  private static int packets(byte[] capture) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(capture));
    assertThat(in.readInt()).as("magic number").isEqualTo(LITTLE_ENDIAN_MAGIC);
    in.skipNBytes(20);
    int count = 0;
    while (in.available() > 0) {
      in.skipNBytes(8);
      int length = Integer.reverseBytes(in.readInt());
      in.skipNBytes(4 + length);
      count++;
    }
    return count;
  }
}
