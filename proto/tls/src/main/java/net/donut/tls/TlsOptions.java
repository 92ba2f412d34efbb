package net.donut.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say how a command protects its gRPC hops.
public final class TlsOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--tls-dir",
      paramLabel = "DIR",
      description =
          "Credentials, as `donut pki issue` writes them: ca.pem, cert.pem, key.pem, crl.pem"
              + " (default: $$DONUT_TLS_DIR).")
  private @Nullable Path directory;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Authorities to trust, instead of ca.pem.")
  private @Nullable Path authorities;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Our certificate, instead of cert.pem.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Our private key (PKCS#8), instead of key.pem.")
  private @Nullable Path key;

  @Option(
      names = "--tls-crl",
      paramLabel = "FILE",
      description = "Revoked certificates, instead of crl.pem.")
  private @Nullable Path revocations;

  @Option(
      names = "--insecure",
      description = "No TLS: whoever reaches the port may do everything. For tests only.")
  private boolean insecure;

  /// What the options say; `issue` is what `donut pki issue` has to be told for this program.
  /// Throws ParameterException, saying what to do, when they say nothing or two things.
  public Protection protection(String issue) {
    boolean single =
        authorities != null || certificate != null || key != null || revocations != null;
    if (insecure) {
      if (directory != null || single) {
        throw wrong("--insecure: given with a --tls option (expected: one of them)");
      }
      return new Protection.Insecure();
    }
    Path found = directory == null ? fromEnvironment() : directory;
    if (found == null && (authorities == null || certificate == null || key == null)) {
      throw wrong(
          "--tls-dir: missing (expected: --tls-dir DIR with what `donut pki issue "
              + issue
              + "` wrote, or --insecure to run without TLS)");
    }
    return new Protection.MutualTls(files(found == null ? Path.of("") : found));
  }

  private TlsFiles files(Path found) {
    TlsFiles usual = TlsFiles.in(found);
    return new TlsFiles(
        authorities == null ? usual.authorities() : authorities,
        certificate == null ? usual.certificate() : certificate,
        key == null ? usual.key() : key,
        revocations == null ? usual.revocations() : revocations);
  }

  private static @Nullable Path fromEnvironment() {
    String value = System.getenv("DONUT_TLS_DIR");
    return value == null || value.isEmpty() ? null : Path.of(value);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
