package net.donut.simulate;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import net.donut.api.DonutCommand;
import net.donut.wire.mrt.BgpdumpText;
import net.donut.wire.mrt.MrtRecord;
import net.donut.wire.mrt.Printed;
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
        "What cannot be printed is named on standard error with record and offset, and makes the exit"
            + " code 2: records and entries that are damaged, and the rest of a dump that is cut.",
        "What has no line of that form is counted there: messages without routes, types of records"
            + " that are not BGP, multicast tables."
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

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      PrintWriter err = spec.commandLine().getErr();
      int exitCode = 0;
      for (Path file : files) {
        Remarks remarks = new Remarks(err, MOST_COMPLAINTS);
        try (Dump dump = Dump.open(file)) {
          print(dump, out, remarks);
        } catch (BadInput e) {
          remarks.problem(String.valueOf(e.getMessage()));
        }
        flush(out);
        remarks.end(file);
        exitCode = remarks.problems() > 0 ? 2 : exitCode;
      }
      err.flush();
      return exitCode;
    }

    private void print(Dump dump, PrintWriter out, Remarks remarks) {
      BgpdumpText format = new BgpdumpText();
      MrtRecord record = dump.next();
      if (record == null) {
        remarks.problem(dump.emptiness());
      }
      while (record != null) {
        Printed printed = format.append(record, text);
        remarks.skipped(printed.skipped());
        for (String problem : printed.problems()) {
          remarks.problem(dump.place(record) + ": " + problem);
        }
        if (text.length() >= CHUNK_CHARS && !flush(out)) {
          return; // the reader has gone away, as head does
        }
        record = dump.next();
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
