package net.donut.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import net.donut.lab.net.LabException;

/// Asks a BIRD over its control socket, without the milliseconds that starting `birdc` takes.
final class BirdControl {
  private BirdControl() {}

  /// The answer, with its codes. Throws LabException when BIRD refuses (codes 8000 and 9000).
  static String ask(Path socket, String command) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      BufferedReader reader =
          new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
      reply(socket, command, reader);
      channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
      return reply(socket, command, reader);
    } catch (IOException e) {
      throw LabException.of(socket, e);
    }
  }

  /// Lines begin with four digits, and the last one of a reply with four digits and a space.
  private static String reply(Path socket, String command, BufferedReader reader)
      throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      String line = reader.readLine();
      if (line == null) {
        throw new LabException(socket + ": '" + command + "': no answer");
      }
      text.append(line).append('\n');
      if (line.matches("[0-9]{4} .*")) {
        if (line.matches("[89][0-9]{3} .*")) {
          throw new LabException(socket + ": '" + command + "': " + line);
        }
        return text.toString();
      }
    }
  }
}
