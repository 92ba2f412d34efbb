package net.donut.wire.mrt;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a file that is no MRT dump is instead, by its first bytes.
final class Lookalike {
  /// How many bytes are looked at: those of tar tell what they are at byte 257.
  static final int BYTES = 512;

  /// What a file of that kind begins with, in hexadecimal digits, at `offset`.
  private record Signature(String name, int offset, byte[] bytes) {
    Signature(String name, int offset, String hex) {
      this(name, offset, HexFormat.of().parseHex(hex));
    }

    boolean isIn(byte[] file) {
      if (file.length < offset + bytes.length) {
        return false;
      }
      for (int i = 0; i < bytes.length; i++) {
        if (file[offset + i] != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature("gzip", 0, "1f8b08"),
          new Signature("bzip2", 0, "425a68"),
          new Signature("xz", 0, "fd377a585a00"),
          new Signature("zstd", 0, "28b52ffd"),
          new Signature("zstd", 0, "37a430ec"),
          new Signature("lz4", 0, "04224d18"),
          new Signature("lz4", 0, "02214c18"),
          new Signature("zip", 0, "504b0304"),
          new Signature("zip", 0, "504b0506"),
          new Signature("7z", 0, "377abcaf271c"),
          new Signature("rar", 0, "526172211a07"),
          new Signature("lzip", 0, "4c5a4950"),
          new Signature("lzop", 0, "894c5a4f000d0a1a0a"),
          new Signature("lzma", 0, "5d0000"),
          new Signature("compress (.Z)", 0, "1f9d"),
          new Signature("compress (.Z)", 0, "1fa0"),
          new Signature("snappy", 0, "ff060000734e61507059"),
          new Signature("tar", 257, "7573746172"),
          new Signature("pcap", 0, "d4c3b2a1"),
          new Signature("pcap", 0, "a1b2c3d4"),
          new Signature("pcap", 0, "4d3cb2a1"),
          new Signature("pcap", 0, "a1b23c4d"),
          new Signature("pcapng", 0, "0a0d0d0a"),
          new Signature("BMP or BGP messages", 0, "ffffffffffffffffffffffffffffffff"),
          new Signature("Parquet", 0, "50415231"),
          new Signature("SQLite", 0, "53514c69746520666f726d6174203300"),
          new Signature("PDF", 0, "25504446"),
          new Signature("PNG", 0, "89504e47"),
          new Signature("a program (ELF)", 0, "7f454c46"),
          new Signature("text in UTF-16", 0, "fffe"),
          new Signature("text in UTF-16", 0, "feff"));

  private Lookalike() {}

  /// What `first`, the first bytes of a file, are of; null where it may be an MRT dump.
  static @Nullable String of(byte[] first) {
    if (first.length == 0 || hasKnownType(first)) {
      return null;
    }
    for (Signature signature : SIGNATURES) {
      if (signature.isIn(first)) {
        return signature.name();
      }
    }
    if (first.length >= 12 && isZero(first)) {
      return "zeros";
    }
    return text(first);
  }

  /// Any four bytes may be a time, but the two behind them name the type of a record.
  private static boolean hasKnownType(byte[] first) {
    return first.length >= 6 && RecordNames.isKnownType((first[4] & 0xff) << 8 | (first[5] & 0xff));
  }

  private static boolean isZero(byte[] first) {
    for (byte one : first) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String text(byte[] first) {
    for (byte one : first) {
      boolean control = one >= 0 && one < ' ' && one != '\t' && one != '\n' && one != '\r';
      if (control || one == 0x7f) {
        return null;
      }
    }
    String text = new String(first, StandardCharsets.UTF_8).replace("\ufeff", "").strip();
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.startsWith("<")) {
      return lower.contains("<html") || lower.contains("<!doctype html") ? "HTML" : "XML";
    }
    if (text.startsWith("{") || text.startsWith("[")) {
      return "JSON";
    }
    boolean printed = text.startsWith("TABLE_DUMP") || text.startsWith("BGP4MP");
    return printed && text.contains("|") ? "the text of bgpdump" : isUtf8(first) ? "text" : null;
  }

  /// Bytes above 127 without order are not text; the last character may be cut.
  private static boolean isUtf8(byte[] first) {
    String text = new String(first, StandardCharsets.UTF_8);
    int wrong = text.indexOf('\ufffd');
    return wrong < 0 || wrong >= text.length() - 3;
  }
}
