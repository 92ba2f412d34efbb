package net.donut.cli;

import com.google.protobuf.Message;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/// How a command prints: for people, or for programs.
final class Output {
  /// ValueText of `-o`.
  enum Form {
    TABLE,
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Form form = Form.TABLE;

  boolean isJson() {
    return form == Form.JSON;
  }

  /// Prints the message as JSON, or lets `table` print it.
  void print(PrintWriter out, Message message, Consumer<PrintWriter> table) {
    switch (form) {
      case JSON -> out.println(Json.of(message));
      case TABLE -> table.accept(out);
    }
    out.flush();
  }
}
