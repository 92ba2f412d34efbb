package net.donut.simulate;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/// What a command printed and how it ended.
record Ran(int exitCode, String out, String err) {
  static Ran command(Object command, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = new CommandLine(command);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int exitCode = line.execute(words);
    line.getOut().flush();
    line.getErr().flush();
    return new Ran(exitCode, out.toString(), err.toString());
  }
}
