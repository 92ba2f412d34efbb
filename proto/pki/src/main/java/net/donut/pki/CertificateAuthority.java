package net.donut.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import net.donut.model.Role;
import org.bouncycastle.operator.OperatorCreationException;

/// A certificate authority in one directory.
///
/// ```
/// ca.pem  ca-key.pem  crl.pem  index        index: one line a certificate, tab separated
/// issued/ROLE/ca.pem cert.pem key.pem crl.pem    what the holder of a role needs: its --tls-dir
/// ```
///
/// The index is written before the certificate leaves, so that nothing exists that cannot be
/// revoked.
public final class CertificateAuthority {
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final Path directory;
  private final X509Certificate certificate;
  private final Signer signer;

  private CertificateAuthority(Path directory, X509Certificate certificate, PrivateKey key) {
    this.directory = directory;
    this.certificate = certificate;
    this.signer = new Signer(certificate, key);
  }

  /// Makes an authority. Throws PkiException when the directory holds one already.
  public static CertificateAuthority create(Path directory, String name, Duration lifetime) {
    return guarded(
        directory,
        () -> {
          SecretFiles.createDirectory(directory);
          try (Lock _ = new Lock(directory)) {
            if (Files.exists(directory.resolve("ca-key.pem"))) {
              throw new PkiException(
                  directory
                      + ": holds a certificate authority (expected: none; use it, or choose another"
                      + " directory with --dir)");
            }
            KeyPair keys = Signer.newKeys();
            X509Certificate certificate = Signer.selfSigned(name, keys, from(now(), lifetime));
            CertificateAuthority authority =
                new CertificateAuthority(directory, certificate, keys.getPrivate());
            authority.writeIndex(List.of());
            authority.writeRevocations(List.of());
            write(directory.resolve("ca.pem"), certificate);
            write(directory.resolve("ca-key.pem"), keys.getPrivate());
            return authority;
          }
        });
  }

  /// Opens what [#create] made. Throws PkiException when there is none.
  public static CertificateAuthority open(Path directory) {
    if (!Files.exists(directory.resolve("ca-key.pem"))) {
      throw new PkiException(
          directory
              + ": no certificate authority; make one with: donut pki init --dir "
              + directory);
    }
    return guarded(
        directory,
        () ->
            new CertificateAuthority(
                directory,
                readCertificate(directory.resolve("ca.pem")),
                readKey(directory.resolve("ca-key.pem"))));
  }

  public Path directory() {
    return directory;
  }

  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /// The directory that [#issue] writes to when the caller has no wish.
  public Path directoryOf(Role role) {
    return directoryOf(directory, role);
  }

  /// The same for an authority in a directory, which need not be there.
  public static Path directoryOf(Path authority, Role role) {
    return authority
        .resolve("issued")
        .resolve(role.kind() + (role.name().isEmpty() ? "" : "-" + role.name()));
  }

  /// Issues a certificate with a new key and writes both to a directory of their own.
  public Issued issue(Role role, Duration lifetime, Path out) {
    Instant now = now();
    return issue(role, from(now, lifetime), out);
  }

  /// Issues for a period of the caller's choice.
  public Issued issue(Role role, Instant notBefore, Instant notAfter, Path out) {
    return issue(role, new Signer.Validity(notBefore, notAfter), out);
  }

  private Issued issue(Role role, Signer.Validity validity, Path out) {
    if (!validity.notAfter().isAfter(validity.notBefore())
        || validity.notAfter().isAfter(notAfter())) {
      throw new PkiException(
          "valid until %s (expected: after %s, and not after %s, when the authority ends)"
              .formatted(validity.notAfter(), validity.notBefore(), notAfter()));
    }
    return guarded(
        out,
        () -> {
          try (Lock _ = new Lock(directory)) {
            KeyPair keys = Signer.newKeys();
            X509Certificate signed = signer.sign(role, keys, validity);
            Issued issued =
                new Issued(
                    signed.getSerialNumber(),
                    role,
                    signed.getNotBefore().toInstant(),
                    signed.getNotAfter().toInstant(),
                    out.toAbsolutePath(),
                    null);
            List<Issued> index = new ArrayList<>(list());
            index.add(issued);
            writeIndex(index);
            SecretFiles.createDirectory(out.getParent() == null ? Path.of(".") : out.getParent());
            SecretFiles.createDirectory(out);
            write(out.resolve("key.pem"), keys.getPrivate());
            write(out.resolve("cert.pem"), signed);
            copy("ca.pem", out);
            copy("crl.pem", out);
            return issued;
          }
        });
  }

  /// Every certificate that was issued, oldest first.
  public List<Issued> list() {
    Path index = directory.resolve("index");
    try {
      return Files.readAllLines(index).stream().map(Issued::parse).toList();
    } catch (IOException | IllegalArgumentException e) {
      throw new PkiException(index + ": " + e + " (expected: what `donut pki` wrote)", e);
    }
  }

  /// Revokes and writes the list of the revoked, also to the directories that still exist of what
  /// was issued. Throws PkiException when there is no such certificate, or it was revoked before.
  public Issued revoke(BigInteger serial) {
    return guarded(
        directory,
        () -> {
          try (Lock _ = new Lock(directory)) {
            List<Issued> index = new ArrayList<>(list());
            for (int i = 0; i < index.size(); i++) {
              Issued issued = index.get(i);
              if (issued.serial().equals(serial)) {
                if (issued.revoked() != null) {
                  throw new PkiException(
                      issued.serialText() + ": revoked at " + issued.revoked() + " already");
                }
                index.set(i, issued.revokedAt(now()));
                writeIndex(index);
                writeRevocations(index);
                distribute(index);
                return index.get(i);
              }
            }
            throw new PkiException(
                serial.toString(16) + ": no such serial number; see: donut pki list");
          }
        });
  }

  private void distribute(List<Issued> index) throws IOException {
    for (Path holder : index.stream().map(Issued::directory).distinct().toList()) {
      if (Files.isDirectory(holder)) {
        copy("crl.pem", holder);
      }
    }
  }

  private void copy(String file, Path to) throws IOException {
    Path from = directory.resolve(file);
    SecretFiles.write(to.resolve(file), Files.readString(from), SecretFiles.Readers.EVERYONE);
  }

  private void writeIndex(List<Issued> index) throws IOException {
    SecretFiles.write(
        directory.resolve("index"),
        index.stream().map(issued -> issued.line() + "\n").collect(Collectors.joining()),
        SecretFiles.Readers.OWNER);
  }

  private void writeRevocations(List<Issued> index)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    List<Issued> revoked = index.stream().filter(issued -> issued.revoked() != null).toList();
    SecretFiles.write(
        directory.resolve("crl.pem"),
        SecretFiles.pem("X509 CRL", signer.revocations(now(), revoked).getEncoded()),
        SecretFiles.Readers.EVERYONE);
  }

  private static void write(Path file, X509Certificate certificate)
      throws GeneralSecurityException, IOException {
    SecretFiles.write(
        file,
        SecretFiles.pem("CERTIFICATE", certificate.getEncoded()),
        SecretFiles.Readers.EVERYONE);
  }

  private static void write(Path file, PrivateKey key) throws IOException {
    SecretFiles.write(
        file, SecretFiles.pem("PRIVATE KEY", key.getEncoded()), SecretFiles.Readers.OWNER);
  }

  private static X509Certificate readCertificate(Path file)
      throws GeneralSecurityException, IOException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  private static PrivateKey readKey(Path file) throws GeneralSecurityException, IOException {
    String body = Files.readString(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /// Backdated a little, for clocks that are.
  private static Signer.Validity from(Instant now, Duration lifetime) {
    return new Signer.Validity(now.minus(BACKDATED), now.plus(lifetime));
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException, GeneralSecurityException, OperatorCreationException;
  }

  private static <T> T guarded(Path where, Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new PkiException(where + ": " + e + " (expected: a writable directory)", e);
    } catch (GeneralSecurityException | OperatorCreationException | IllegalArgumentException e) {
      throw new PkiException(where + ": " + e, e);
    }
  }

  /// One writer at a time, over processes.
  private static final class Lock implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    Lock(Path directory) throws IOException {
      channel =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock = channel.lock();
    }

    @Override
    public void close() throws IOException {
      lock.release();
      channel.close();
    }
  }
}
