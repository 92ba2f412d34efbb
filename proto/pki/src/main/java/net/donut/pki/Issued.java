package net.donut.pki;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import net.donut.model.Role;
import org.jspecify.annotations.Nullable;

/// A certificate that the authority signed: one line of its index.
///
/// @param directory where its files were written
/// @param revoked when it was revoked; null while it is good
public record Issued(
    BigInteger serial,
    Role role,
    Instant notBefore,
    Instant notAfter,
    Path directory,
    @Nullable Instant revoked) {

  /// What a certificate is worth at a moment.
  public enum Standing {
    VALID,
    REVOKED,
    EXPIRED
  }

  public Standing standing(Instant now) {
    if (revoked != null) {
      return Standing.REVOKED;
    }
    return now.isAfter(notAfter) ? Standing.EXPIRED : Standing.VALID;
  }

  /// The serial number as people and the index write it.
  public String serialText() {
    return serial.toString(16);
  }

  Issued revokedAt(Instant moment) {
    return new Issued(serial, role, notBefore, notAfter, directory, moment);
  }

  String line() {
    return String.join(
        "\t",
        List.of(
            serialText(),
            role.uri(),
            notBefore.toString(),
            notAfter.toString(),
            revoked == null ? "-" : revoked.toString(),
            directory.toString()));
  }

  static Issued parse(String line) {
    String[] cells = line.split("\t", 6);
    if (cells.length != 6) {
      throw new IllegalArgumentException("cells: " + cells.length + " (expected: 6)");
    }
    return new Issued(
        new BigInteger(cells[0], 16),
        Role.parse(cells[1]),
        Instant.parse(cells[2]),
        Instant.parse(cells[3]),
        Path.of(cells[5]),
        cells[4].equals("-") ? null : Instant.parse(cells[4]));
  }
}
