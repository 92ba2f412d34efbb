package net.donut.lab.clab.link;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;
import net.donut.model.FileFailure;
import org.jspecify.annotations.Nullable;

/// tcpdump at an interface of a node, until so many packets, so much time, or an interrupt.
///
/// @param file where packets go; `-` for standard output, null to print them
/// @param mostPackets 0 for no limit
/// @param longest zero for no limit
public record PacketCapture(
    Interface at, @Nullable Path file, int mostPackets, Duration longest, List<String> filter) {
  private static final String OUTPUT = "-";

  /// The exit code of a program that SIGPIPE has ended.
  private static final int READER_LEFT = 128 + 13;

  private static final Duration GRACE = Duration.ofSeconds(5);

  /// An interface of a node.
  public record Interface(Namespace namespace, String device) {}

  public PacketCapture {
    filter = List.copyOf(filter);
    if (mostPackets < 0 || longest.isNegative()) {
      throw new IllegalArgumentException("count or seconds: below 0 (expected: 1 or more)");
    }
  }

  /// The interface that `NODE:IFACE` names. Throws LabException naming those there are.
  public static Interface interfaceOf(LabRecord lab, String end) {
    int colon = end.indexOf(':');
    if (colon < 1) {
      throw new LabException("'" + end + "' (expected: NODE:IFACE, such as r1:eth1)");
    }
    LabRecord.Node node = lab.node(end.substring(0, colon));
    String device = end.substring(colon + 1);
    Namespace namespace = new Namespace(node.namespace());
    List<String> devices =
        Command.run("ip", "-n", namespace.name(), "-o", "link", "show")
            .lines()
            .map(line -> line.split("[:@] ?")[1])
            .toList();
    if (!devices.contains(device)) {
      throw new LabException(
          "interface of %s: '%s' (expected one of: %s)"
              .formatted(node.name(), device, String.join(", ", devices)));
    }
    return new Interface(namespace, device);
  }

  /// Captures. Packets are printed; what tcpdump says besides goes to `err`. Where packets go to
  /// standard output as pcap, nothing else does, and a reader that goes away ends the capture.
  public void run(PrintWriter out, PrintWriter err) {
    if (!Command.exists("tcpdump")) {
      throw new LabException("a capture needs the program 'tcpdump': apt-get install tcpdump");
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(at.namespace().inside(command()));
      if (isToOutput()) {
        builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
      }
      Process tcpdump = builder.start();
      try {
        Thread telling = copy(tcpdump.getErrorStream(), err);
        Thread printing = copy(tcpdump.getInputStream(), out);
        await(tcpdump);
        printing.join();
        telling.join();
      } finally {
        tcpdump.destroy();
      }
      int code = tcpdump.exitValue();
      boolean readerLeft = isToOutput() && code == READER_LEFT;
      if (code != 0 && !readerLeft) {
        throw new LabException("tcpdump: exit " + code);
      }
    } catch (IOException e) {
      throw LabException.of("tcpdump", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(List.of("tcpdump", "-i", at.device(), "-n", "-Z", "root"));
    if (file == null) {
      command.add("-l");
    } else if (isToOutput()) {
      command.addAll(List.of("-U", "-w", OUTPUT));
    } else {
      command.addAll(List.of("-w", file.toAbsolutePath().toString()));
    }
    if (mostPackets > 0) {
      command.addAll(List.of("-c", Integer.toString(mostPackets)));
    }
    command.addAll(filter);
    return command;
  }

  /// TERM makes tcpdump write what it has and say how much that was.
  private void await(Process tcpdump) throws InterruptedException {
    if (longest.isZero()) {
      tcpdump.waitFor();
    } else if (!tcpdump.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
      tcpdump.destroy();
      if (!tcpdump.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        tcpdump.destroyForcibly().waitFor();
      }
    }
  }

  private boolean isToOutput() {
    return file != null && file.toString().equals(OUTPUT);
  }

  private static Thread copy(InputStream from, PrintWriter to) {
    return Thread.ofVirtual().start(() -> print(from, to));
  }

  private static void print(InputStream from, PrintWriter to) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        to.println(line);
        to.flush();
      }
    } catch (IOException e) {
      to.println("tcpdump: " + FileFailure.reason(e));
    }
  }
}
