package net.donut.simulate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.donut.api.DonutCommand;
import net.donut.wire.mrt.BgpdumpText;
import net.donut.wire.mrt.MrtRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `donut mrt`: looks into MRT dumps.
@Command(
    name = "mrt",
    mixinStandardHelpOptions = true,
    description = "Read MRT dumps of routing tables and BGP messages.",
    subcommands = MrtCommand.Print.class,
    footer = {"", "Example: donut mrt print rib.20260101.0000.bz2 | head"})
public final class MrtCommand implements DonutCommand, Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "mrt: print is missing");
  }

  /// One line a route, as `bgpdump -m` prints it.
  @Command(
      name = "print",
      mixinStandardHelpOptions = true,
      description = {
        "Print dumps as the text of bgpdump -m: one line a route, fields separated by |.",
        "A dump that is cut or damaged is printed up to there; the error names record and offset."
      },
      footer = {
        "",
        "Example: donut mrt print updates.20260101.0000.gz | grep '|A|'",
        "Files may be plain, or compressed with gzip, bzip2 or xz."
      })
  static final class Print implements Callable<Integer> {
    private static final int CHUNK_CHARS = 1 << 16;
    private static final int MOST_COMPLAINTS = 10;

    @Parameters(
        paramLabel = "FILE",
        arity = "1..*",
        description = "MRT dumps, one after the other.")
    private List<Path> files = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();
    private final StringBuilder text = new StringBuilder(2 * CHUNK_CHARS);
    private long complaints;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      int exitCode = 0;
      for (Path file : files) {
        try (Dump dump = Dump.open(file)) {
          print(dump, out, err);
        } catch (BadInput e) {
          flush(out);
          err.println("donut: " + e.getMessage());
          exitCode = 2;
        }
      }
      flush(out);
      if (complaints > MOST_COMPLAINTS) {
        err.println("donut: %d records could not be decoded".formatted(complaints));
      }
      err.flush();
      return complaints > 0 ? 2 : exitCode;
    }

    private void print(Dump dump, PrintWriter out, PrintWriter err) {
      BgpdumpText format = new BgpdumpText();
      MrtRecord record = dump.next();
      while (record != null) {
        if (record instanceof MrtRecord.Faulty faulty) {
          complain(dump, faulty, err);
        }
        format.append(record, text);
        if (text.length() >= CHUNK_CHARS && !flush(out)) {
          return; // the reader has gone away, as head does
        }
        record = dump.next();
      }
    }

    private void complain(Dump dump, MrtRecord.Faulty faulty, PrintWriter err) {
      if (++complaints <= MOST_COMPLAINTS) {
        err.println("donut: " + dump.place(faulty) + ": " + faulty.reason() + "; left out");
      }
    }

    /// Whether somebody still reads.
    private boolean flush(PrintWriter out) {
      out.append(text);
      text.setLength(0);
      return !out.checkError();
    }
  }
}
