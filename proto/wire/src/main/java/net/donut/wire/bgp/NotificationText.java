package net.donut.wire.bgp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The names of NOTIFICATION codes (RFC 4271 §4.5 and what was registered since), and the text a
/// peer may put into a Cease (RFC 9003).
public final class NotificationText {
  private static final int CEASE = 6;
  private static final int ADMINISTRATIVE_SHUTDOWN = 2;
  private static final int ADMINISTRATIVE_RESET = 4;
  private static final int HARD_RESET = 9;
  private static final int MAX_TEXT_BYTES = 255;

  /// Index is the code; the first name is the code's own, then its subcodes from 1. An empty name
  /// is a number nobody uses.
  private static final List<List<String>> NAMES =
      List.of(
          List.of("Reserved"),
          List.of(
              "Message Header Error",
              "Connection Not Synchronized",
              "Bad Message Length",
              "Bad Message Type"),
          List.of(
              "OPEN Message Error",
              "Unsupported Version Number",
              "Bad Peer AS",
              "Bad BGP Identifier",
              "Unsupported Optional Parameter",
              "Authentication Failure",
              "Unacceptable Hold Time",
              "Unsupported Capability",
              "",
              "",
              "",
              "Role Mismatch"),
          List.of(
              "UPDATE Message Error",
              "Malformed Attribute List",
              "Unrecognized Well-known Attribute",
              "Missing Well-known Attribute",
              "Attribute Flags Error",
              "Attribute Length Error",
              "Invalid ORIGIN Attribute",
              "AS Routing Loop",
              "Invalid NEXT_HOP Attribute",
              "Optional Attribute Error",
              "Invalid Network Field",
              "Malformed AS_PATH"),
          List.of("Hold Timer Expired"),
          List.of(
              "Finite State Machine Error",
              "Unexpected Message in OpenSent State",
              "Unexpected Message in OpenConfirm State",
              "Unexpected Message in Established State"),
          List.of(
              "Cease",
              "Maximum Number of Prefixes Reached",
              "Administrative Shutdown",
              "Peer De-configured",
              "Administrative Reset",
              "Connection Rejected",
              "Other Configuration Change",
              "Connection Collision Resolution",
              "Out of Resources",
              "Hard Reset",
              "BFD Down"),
          List.of("ROUTE-REFRESH Message Error", "Invalid Message Length"),
          List.of("Send Hold Timer Expired"));

  private NotificationText() {}

  /// Code and subcode in words, then the shutdown text or the data, such as `Cease, Administrative
  /// Shutdown: "back at 04:00"`.
  public static String of(BgpMessage.Notification notification) {
    String name = name(notification.code(), notification.subcode());
    if (notification.code() == CEASE
        && notification.subcode() == HARD_RESET
        && notification.data().length >= 2) {
      return name + ": " + of(encapsulated(notification.data()));
    }
    return shutdownText(notification)
        .map(text -> name + ": \"" + text + "\"")
        .orElseGet(() -> name + dataText(notification.data()));
  }

  /// The NOTIFICATION that a Hard Reset carries (RFC 8538 §3.1).
  private static BgpMessage.Notification encapsulated(byte[] data) {
    return new BgpMessage.Notification(
        data[0] & 0xff, data[1] & 0xff, Arrays.copyOfRange(data, 2, data.length));
  }

  private static String name(int code, int subcode) {
    if (code >= NAMES.size()) {
      return "code " + code + " subcode " + subcode;
    }
    List<String> names = NAMES.get(code);
    if (subcode == 0) {
      return names.getFirst();
    }
    boolean known = subcode < names.size() && !names.get(subcode).isEmpty();
    return names.getFirst() + ", " + (known ? names.get(subcode) : "subcode " + subcode);
  }

  private static String dataText(byte[] data) {
    return data.length == 0 ? "" : " (data " + HexFormat.of().formatHex(data) + ")";
  }

  /// The shutdown communication of a Cease (RFC 9003 §2), with control characters shown as spaces;
  /// empty when there is none or when it is malformed.
  public static Optional<String> shutdownText(BgpMessage.Notification notification) {
    byte[] data = notification.data();
    boolean shutdown =
        notification.code() == CEASE
            && (notification.subcode() == ADMINISTRATIVE_SHUTDOWN
                || notification.subcode() == ADMINISTRATIVE_RESET);
    if (!shutdown || data.length < 2 || data[0] == 0 || (data[0] & 0xff) > data.length - 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(data, 1, data[0] & 0xff))
              .toString()
              .replaceAll("\\p{Cntrl}", " "));
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }

  /// A Cease, Administrative Shutdown that tells the peer why. A text beyond 255 bytes of UTF-8 is
  /// cut at a character.
  public static BgpMessage.Notification shutdown(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, MAX_TEXT_BYTES);
    while (length < utf8.length && length > 0 && (utf8[length] & 0xc0) == 0x80) {
      length--;
    }
    byte[] data = new byte[length + 1];
    data[0] = (byte) length;
    System.arraycopy(utf8, 0, data, 1, length);
    return new BgpMessage.Notification(CEASE, ADMINISTRATIVE_SHUTDOWN, data);
  }
}
