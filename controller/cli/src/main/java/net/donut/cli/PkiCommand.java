package net.donut.cli;

import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.donut.model.Role;
import net.donut.pki.CertificateAuthority;
import net.donut.pki.Issued;
import net.donut.pki.PkiException;
import net.donut.report.text.TextTable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `donut pki`: a certificate authority for labs and first installs.
@Command(
    name = "pki",
    mixinStandardHelpOptions = true,
    description = "A small certificate authority: who is an agent, a controller, an operator.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Example: donut pki init && donut pki issue agent edge1"},
    subcommands = {
      PkiCommand.Init.class,
      PkiCommand.Issue.class,
      PkiCommand.ListIssued.class,
      PkiCommand.Renew.class,
      PkiCommand.Revoke.class
    })
final class PkiCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: init, issue, list, renew or revoke");
  }

  /// What the commands share.
  @Command(mixinStandardHelpOptions = true)
  abstract static class AuthorityCommand implements Runnable {
    @Spec protected CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        defaultValue = "/etc/donut/pki",
        description = "Where the authority is (default: ${DEFAULT-VALUE}).")
    protected Path directory = Path.of("/etc/donut/pki");

    @Override
    public final void run() {
      try {
        act(spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
      } catch (PkiException e) {
        throw new Failures.Refused(Failures.NEGATIVE, String.valueOf(e.getMessage()));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
      }
    }

    abstract void act(PrintWriter out);

    Duration days(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("--days: " + count + " (expected: 1 or more)");
      }
      return Duration.ofDays(count);
    }
  }

  /// Makes the authority.
  @Command(
      name = "init",
      description = "Make an authority: its key stays in its directory, for its owner only.",
      footer = {
        "",
        "Example: donut pki init --dir /etc/donut/pki",
        "Example: donut pki init --issue controller --issue agent:edge1 --issue agent:edge2"
      })
  static final class Init extends AuthorityCommand {
    @Option(
        names = "--name",
        paramLabel = "NAME",
        defaultValue = "donut",
        description = "The name in its certificate (default: ${DEFAULT-VALUE}).")
    private String name = "donut";

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "3650",
        description = "How long it is good (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(
        names = "--issue",
        paramLabel = "ROLE[:NAME]",
        description =
            "Issue a certificate at once, as `donut pki issue ROLE NAME` does; may repeat.")
    private List<String> roles = List.of();

    @Override
    void act(PrintWriter out) {
      List<Role> first = roles.stream().map(Init::role).toList();
      CertificateAuthority authority = CertificateAuthority.create(directory, name, days(days));
      out.println("authority in " + directory + ", good until " + authority.notAfter());
      for (Role role : first) {
        tell(out, authority.issue(role, Issue.USUALLY, authority.directoryOf(role)));
      }
    }

    private static Role role(String text) {
      int colon = text.indexOf(':');
      return colon < 0
          ? Role.of(text, "")
          : Role.of(text.substring(0, colon), text.substring(colon + 1));
    }
  }

  /// Issues a certificate.
  @Command(
      name = "issue",
      description = {
        "Issue a certificate: to an agent (by its router's name in the policy), a controller, or an"
            + " operator who may look (operator-read) or also act (operator-write).",
        "The directory that is printed is the --tls-dir of its holder; take it there by a safe way."
      },
      footer = {
        "",
        "Example: donut pki issue agent edge1",
        "Example: donut pki issue operator-read kay"
      })
  static final class Issue extends AuthorityCommand {
    static final Duration USUALLY = Duration.ofDays(365);

    @Parameters(
        index = "0",
        paramLabel = "ROLE",
        description = "agent, controller, operator-read or operator-write.")
    private String kind = "";

    @Parameters(
        index = "1",
        paramLabel = "NAME",
        defaultValue = "",
        description = "The router's name, or the operator's; none for a controller.")
    private String name = "";

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "365",
        description = "How long it is good (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "Where its files are written (default: DIR/issued/ROLE-NAME).")
    private @Nullable Path out;

    @Override
    void act(PrintWriter print) {
      Role role = Role.of(kind, name);
      CertificateAuthority authority = CertificateAuthority.open(directory);
      Path to = out == null ? authority.directoryOf(role) : out;
      tell(print, authority.issue(role, days(days), to));
    }
  }

  private static void tell(PrintWriter out, Issued issued) {
    out.println(
        "%s, serial number %s, good until %s: --tls-dir %s"
            .formatted(
                issued.role().uri(), issued.serialText(), issued.notAfter(), issued.directory()));
  }

  /// Lists what was issued.
  @Command(
      name = "list",
      description = "List what was issued: to whom, until when, and what was revoked.",
      footer = {"", "Example: donut pki list -o json"})
  static final class ListIssued extends AuthorityCommand {
    @Mixin private Output output = new Output();

    @Override
    void act(PrintWriter out) {
      List<Issued> all = CertificateAuthority.open(directory).list();
      if (output.isJson()) {
        out.println(json(all));
      } else {
        table(out, all);
      }
    }

    private void table(PrintWriter out, List<Issued> all) {
      TextTable table = new TextTable("SERIAL", "ROLE", "UNTIL", "STATE", "DIRECTORY");
      Instant now = Instant.now();
      for (Issued issued : all) {
        table.row(
            issued.serialText(),
            issued.role().uri(),
            issued.notAfter(),
            state(issued, now),
            issued.directory());
      }
      table.print(out, Colour.pen(spec));
    }

    private static String json(List<Issued> all) {
      Instant now = Instant.now();
      return all.stream()
          .map(issued -> {
            Map<String, String> fields = new LinkedHashMap<>();
            fields.put("serial", issued.serialText());
            fields.put("role", issued.role().uri());
            fields.put("not_before", issued.notBefore().toString());
            fields.put("not_after", issued.notAfter().toString());
            fields.put("state", state(issued, now));
            fields.put("directory", issued.directory().toString());
            return "  " + Json.of(fields);
          })
          .collect(Collectors.joining(",\n", "{\"certificates\": [\n", "\n]}"));
    }

    private static String state(Issued issued, Instant now) {
      return issued.standing(now).name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Issues again to the holder of a directory.
  @Command(
      name = "renew",
      description = {
        "Issue again, with a new key, what was last issued to a directory. Programs that use the"
            + " directory take it over within seconds; the old certificate stays good until it ends."
      },
      footer = {"", "Example: donut pki renew /etc/donut/pki/issued/agent-edge1"})
  static final class Renew extends AuthorityCommand {
    @Parameters(paramLabel = "TLS-DIR", description = "The holder's directory, as `list` shows it.")
    private Path holder = Path.of("");

    @Option(
        names = "--days",
        paramLabel = "N",
        defaultValue = "365",
        description = "How long it is good (default: ${DEFAULT-VALUE}).")
    private int days;

    @Override
    void act(PrintWriter out) {
      CertificateAuthority authority = CertificateAuthority.open(directory);
      Path wanted = holder.toAbsolutePath().normalize();
      Issued last =
          authority.list().stream()
              .filter(issued -> issued.directory().normalize().equals(wanted))
              .reduce((_, later) -> later)
              .orElseThrow(() ->
                  new Failures.Refused(
                      Failures.NEGATIVE,
                      holder + ": nothing was issued to it; see: donut pki list"));
      if (last.revoked() != null) {
        throw new Failures.Refused(
            Failures.NEGATIVE,
            holder
                + ": its certificate was revoked; if it shall have another one: donut pki issue");
      }
      tell(out, authority.issue(last.role(), days(days), last.directory()));
    }
  }

  /// Revokes a certificate.
  @Command(
      name = "revoke",
      description = {
        "Revoke a certificate, and write the list of the revoked (crl.pem) to the authority's"
            + " directory and those of all holders on this machine.",
        "Copy crl.pem to the --tls-dir of programs elsewhere; they look at it every two seconds."
      },
      footer = {"", "Example: donut pki revoke 5c1f0a93e8"})
  static final class Revoke extends AuthorityCommand {
    @Parameters(paramLabel = "SERIAL", description = "The serial number, as `list` shows it.")
    private String serial = "";

    @Override
    void act(PrintWriter out) {
      if (!serial.matches("[0-9a-fA-F]{1,40}")) {
        throw new IllegalArgumentException(
            "serial: '" + serial + "' (expected: hexadecimal, as `donut pki list` shows it)");
      }
      Issued revoked = CertificateAuthority.open(directory).revoke(new BigInteger(serial, 16));
      out.println(
          revoked.role().uri()
              + " is revoked; copy "
              + directory.resolve("crl.pem")
              + " to every --tls-dir on other machines");
    }
  }
}
