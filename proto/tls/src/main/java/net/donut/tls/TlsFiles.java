package net.donut.tls;

import java.nio.file.Path;

/// Where the credentials of a program are, in PEM.
///
/// @param authorities certificates of the authorities whose word counts
/// @param certificate our certificate, with the intermediate ones after it
/// @param key our private key, PKCS#8 without a password
/// @param revocations lists of revoked certificates; the file may be absent
public record TlsFiles(Path authorities, Path certificate, Path key, Path revocations) {
  /// The names that `donut pki issue` gives.
  public static TlsFiles in(Path directory) {
    return new TlsFiles(
        directory.resolve("ca.pem"),
        directory.resolve("cert.pem"),
        directory.resolve("key.pem"),
        directory.resolve("crl.pem"));
  }
}
