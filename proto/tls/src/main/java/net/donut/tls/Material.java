package net.donut.tls;

import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import net.donut.model.Role;

/// The content of [TlsFiles], read and found consistent at one moment.
record Material(
    Role role,
    List<X509Certificate> chain,
    PrivateKey key,
    List<X509Certificate> authorities,
    Revocations revocations) {

  Material {
    chain = List.copyOf(chain);
    authorities = List.copyOf(authorities);
  }

  /// Throws TlsException naming the file that cannot be used.
  static Material load(TlsFiles files) {
    List<X509Certificate> authorities = certificates(files.authorities());
    List<X509Certificate> chain = certificates(files.certificate());
    PrivateKey key = key(files.key());
    requireMatch(files, chain.getFirst(), key);
    return new Material(
        role(files.certificate(), chain.getFirst()),
        chain,
        key,
        authorities,
        revocations(files.revocations(), authorities));
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  private static Role role(Path file, X509Certificate certificate) {
    try {
      return Certificates.role(certificate);
    } catch (IllegalArgumentException e) {
      throw new TlsException(file + ": " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> certificates(Path file) {
    try {
      X509Certificate[] found =
          CertificateUtils.getX509Certificates(new ByteArrayInputStream(read(file)));
      if (found.length > 0) {
        return List.of(found);
      }
    } catch (GeneralSecurityException e) {
      throw new TlsException(file + ": " + e.getMessage() + " (expected: certificates in PEM)", e);
    }
    throw new TlsException(file + ": no certificate (expected: certificates in PEM)");
  }

  private static PrivateKey key(Path file) {
    byte[] content = read(file);
    String expected =
        " (expected: a private key in PKCS#8 without a password: openssl pkcs8 -topk8 -nocrypt)";
    if (!new String(content, StandardCharsets.US_ASCII).contains("-----BEGIN PRIVATE KEY-----")) {
      throw new TlsException(file + ": no PRIVATE KEY" + expected);
    }
    try {
      return CertificateUtils.getPrivateKey(new ByteArrayInputStream(content));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new TlsException(file + ": " + e.getMessage() + expected, e);
    }
  }

  private static Revocations revocations(Path file, List<X509Certificate> authorities) {
    if (!Files.exists(file)) {
      TlsLog.noRevocations(file.toString());
      return new Revocations(Set.of());
    }
    try {
      Collection<? extends CRL> lists =
          CertificateFactory.getInstance("X.509")
              .generateCRLs(new ByteArrayInputStream(read(file)));
      if (lists.isEmpty()) {
        throw new TlsException(
            file
                + ": no revocation list (expected: lists in PEM, signed by the ca; one that names"
                + " nobody where nobody is revoked)");
      }
      return Revocations.of(lists, authorities);
    } catch (GeneralSecurityException e) {
      throw new TlsException(
          file + ": " + e.getMessage() + " (expected: revocation lists in PEM, signed by the ca)",
          e);
    }
  }

  /// A renewal replaces two files, one after the other: between them they do not belong together.
  private static void requireMatch(TlsFiles files, X509Certificate certificate, PrivateKey key) {
    boolean matches;
    try {
      String algorithm =
          key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256with" + key.getAlgorithm();
      byte[] text = "donut".getBytes(StandardCharsets.US_ASCII);
      Signature signing = Signature.getInstance(algorithm);
      signing.initSign(key);
      signing.update(text);
      Signature verifying = Signature.getInstance(algorithm);
      verifying.initVerify(certificate.getPublicKey());
      verifying.update(text);
      matches = verifying.verify(signing.sign());
    } catch (GeneralSecurityException e) {
      matches = false;
    }
    if (!matches) {
      throw new TlsException(
          "%s: not the key of %s (expected: both of one `donut pki issue`)"
              .formatted(files.key(), files.certificate()));
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new TlsException(
          file + ": no such file; make credentials with `donut pki issue` (docs/security.md)", e);
    } catch (IOException e) {
      throw new TlsException(file + ": " + e + " (expected: a readable file)", e);
    }
  }
}
