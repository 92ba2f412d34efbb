package net.donut.agent.bfd;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import net.donut.bfd.BfdSettings;
import net.donut.bfd.BfdStatus;
import net.donut.model.IpAddress;
import net.donut.wire.bfd.BfdState;
import net.donut.wire.bfd.Diagnostic;
import org.jspecify.annotations.Nullable;

/// The line between agent and speaker, in lines of words: `session` for each session and then
/// `apply` (these and no others), or `leave`, to the speaker; `status` and `notice` from it. Both
/// ends are of one installation, started one by the other, so there is no version.
final class BfdText {
  static final String APPLY = "apply";
  static final String LEAVE = "leave";

  private static final String SESSION = "session";
  private static final String STATUS = "status";
  private static final String NOTICE = "notice";
  private static final String NONE = "-";

  private BfdText() {}

  /// A line, understood.
  sealed interface Line {
    record Session(BfdSettings settings) implements Line {}

    record Apply() implements Line {}

    record Leave() implements Line {}

    record Status(BfdStatus status) implements Line {}

    record Notice(String text) implements Line {}
  }

  static String session(BfdSettings settings) {
    return String.join(
        " ",
        SESSION,
        quoted(settings.name()),
        settings.address().toString(),
        orNone(settings.localAddress()),
        settings.interfaceName() == null ? NONE : quoted(settings.interfaceName()),
        Long.toString(settings.minTxMicros()),
        Long.toString(settings.minRxMicros()),
        Integer.toString(settings.multiplier()),
        settings.role().name(),
        settings.adminState().name());
  }

  static String status(BfdStatus status) {
    return String.join(
        " ",
        STATUS,
        quoted(status.name()),
        status.state().name(),
        status.remoteState().name(),
        Integer.toString(status.diagnostic().code()),
        Integer.toString(status.remoteDiagnostic().code()),
        Long.toString(status.transmitMicros()),
        Long.toString(status.detectionMicros()),
        Long.toString(status.losses()),
        status.path().name());
  }

  static String notice(String text) {
    return NOTICE + " " + quoted(text);
  }

  private static String quoted(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String plain(String word) {
    return URLDecoder.decode(word, StandardCharsets.UTF_8);
  }

  private static String orNone(@Nullable IpAddress address) {
    return address == null ? NONE : address.toString();
  }

  /// Throws IllegalArgumentException when it is none of the lines.
  static Line parse(String line) {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case SESSION -> new Line.Session(session(expect(words, 10)));
      case STATUS -> new Line.Status(status(expect(words, 10)));
      case NOTICE -> new Line.Notice(plain(expect(words, 2)[1]));
      case APPLY -> new Line.Apply();
      case LEAVE -> new Line.Leave();
      default ->
          throw new IllegalArgumentException(
              "line '" + line + "' (expected: session, apply, leave, status or notice)");
    };
  }

  private static String[] expect(String[] words, int count) {
    if (words.length != count) {
      throw new IllegalArgumentException(
          words[0] + ": " + words.length + " words (expected: " + count + ")");
    }
    return words;
  }

  private static BfdSettings session(String[] words) {
    return new BfdSettings(
        plain(words[1]),
        IpAddress.parse(words[2]),
        words[3].equals(NONE) ? null : IpAddress.parse(words[3]),
        words[4].equals(NONE) ? null : plain(words[4]),
        Long.parseLong(words[5]),
        Long.parseLong(words[6]),
        Integer.parseInt(words[7]),
        BfdSettings.Role.valueOf(words[8]),
        BfdSettings.AdminState.valueOf(words[9]));
  }

  private static BfdStatus status(String[] words) {
    return new BfdStatus(
        plain(words[1]),
        BfdState.valueOf(words[2]),
        BfdState.valueOf(words[3]),
        new Diagnostic(Integer.parseInt(words[4])),
        new Diagnostic(Integer.parseInt(words[5])),
        Long.parseLong(words[6]),
        Long.parseLong(words[7]),
        Long.parseLong(words[8]),
        BfdStatus.Path.valueOf(words[9]));
  }
}
