package net.donut.tls;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import net.donut.model.Role;
import org.jspecify.annotations.Nullable;

/// Our certificate, whom we trust and whom no longer: read from files, and again when they change.
final class Credentials implements AutoCloseable {
  /*
   * Handshakes and calls read on gRPC's threads what `tls-reload` replaces: the key manager and the trust
   * manager of grpc-util are made for that, the rest is one volatile reference to an
   * immutable value. What is on
   * disk is taken over only when all of it is usable; until then the old stays.
   */

  static final Duration POLL = Duration.ofSeconds(2);

  private static final Duration SOON = Duration.ofDays(14);
  private static final Duration REMIND = Duration.ofHours(24);

  private final TlsFiles files;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager trust;
  private volatile Material material;
  private final List<Runnable> onReload = new CopyOnWriteArrayList<>();
  private final @Nullable Thread watcher;
  private String stamp;
  private String lastProblem = "";
  private Instant reminded = Instant.EPOCH;

  private Credentials(TlsFiles files, Watching watching) {
    this.files = files;
    this.stamp = stamp(files);
    Material first = Material.load(files);
    this.material = first;
    try {
      trust =
          AdvancedTlsX509TrustManager.newBuilder()
              .setVerification(
                  AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
              .build();
      use(first);
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException(files.authorities() + ": " + e.getMessage(), e);
    }
    watcher =
        switch (watching) {
          case ONCE -> null;
          case FOR_CHANGES -> Thread.ofPlatform().daemon().name("tls-reload").start(this::watch);
        };
  }

  /// Whether changes on disk are taken over.
  enum Watching {
    ONCE,
    FOR_CHANGES
  }

  /// Throws TlsException when the files cannot be used.
  static Credentials open(TlsFiles files, Watching watching) {
    return new Credentials(files, watching);
  }

  private void use(Material next) throws GeneralSecurityException, IOException {
    trust.updateTrustCredentials(next.authorities().toArray(X509Certificate[]::new));
    keys.updateIdentityCredentials(next.chain().toArray(X509Certificate[]::new), next.key());
    material = next;
  }

  private void watch() {
    try {
      while (true) {
        remind();
        Thread.sleep(POLL);
        poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void poll() {
    String now = stamp(files);
    if (now.equals(stamp)) {
      return;
    }
    try {
      Material next = Material.load(files);
      use(next);
      stamp = now;
      lastProblem = "";
      reminded = Instant.EPOCH;
      TlsLog.loaded(next.role().uri(), next.certificate().getNotAfter().toInstant().toString());
      onReload.forEach(Runnable::run);
    } catch (TlsException | GeneralSecurityException | IOException e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(lastProblem)) {
        lastProblem = problem;
        TlsLog.notReloaded(problem);
      }
    }
  }

  private void remind() {
    Instant now = Instant.now();
    if (now.isAfter(reminded.plus(REMIND))) {
      reminded = now;
      warnings().forEach(TlsLog::expires);
    }
  }

  /// What changes when a file does.
  private static String stamp(TlsFiles files) {
    StringBuilder stamp = new StringBuilder();
    Stream.of(files.authorities(), files.certificate(), files.key(), files.revocations())
        .forEach(file -> stamp.append(stamp(file)).append(' '));
    return stamp.toString();
  }

  private static String stamp(Path file) {
    try {
      return Files.readAttributes(file, "unix:ino,size,lastModifiedTime").toString();
    } catch (IOException e) {
      return "absent";
    }
  }

  TlsFiles files() {
    return files;
  }

  Role role() {
    return material.role();
  }

  X509ExtendedKeyManager keys() {
    return keys;
  }

  /// Checks the chain and the date of a certificate, not its host name: roles are names here.
  X509ExtendedTrustManager trust() {
    return trust;
  }

  /// Runs after every reload, on `tls-reload`.
  void onReload(Runnable task) {
    onReload.add(task);
  }

  /// What an operator should know about our certificate, one line each.
  List<String> warnings() {
    String unusable = unusable();
    if (unusable != null) {
      return List.of(unusable);
    }
    return Expiry.warning(
            files.certificate().toString(), material.certificate(), Instant.now(), SOON)
        .stream()
        .toList();
  }

  /// Why our own certificate is of no use today; null when it is good.
  @Nullable String unusable() {
    Material now = material;
    String dates = Expiry.unusable(now.certificate(), Instant.now());
    if (dates != null) {
      return files.certificate() + ": " + dates;
    }
    try {
      requireNotRevoked(now.chain().toArray(X509Certificate[]::new));
      return null;
    } catch (CertificateException e) {
      return "%s: %s; ask for another one (donut pki issue)"
          .formatted(files.certificate(), e.getMessage());
    }
  }

  /// Throws CertificateException when one of the chain was revoked.
  void requireNotRevoked(X509Certificate[] chain) throws CertificateException {
    Revocations revocations = material.revocations();
    for (X509Certificate certificate : chain) {
      if (revocations.contains(certificate)) {
        String text =
            "certificate of %s is revoked (serial number %s)"
                .formatted(
                    Certificates.holder(certificate), certificate.getSerialNumber().toString(16));
        // This cause makes the JDK send the alert certificate_revoked.
        throw new CertificateException(
            text,
            new CertPathValidatorException(
                text, null, null, -1, CertPathValidatorException.BasicReason.REVOKED));
      }
    }
  }

  @Override
  public void close() {
    Thread running = watcher;
    if (running != null) {
      running.interrupt();
    }
  }
}
