package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// docs/cli.md names every command and the exit codes that the program has.
class CommandDocumentTest {
  private static final Path DOCUMENT = Path.of("../../docs/cli.md");
  private static final Pattern CODE = Pattern.compile("(?m)^\\| (\\d+) \\| (.+) \\|$");

  private static String document() throws IOException {
    return Files.readString(DOCUMENT);
  }

  @Test
  void the_table_of_exit_codes_has_the_codes_of_the_program() throws IOException {
    Map<Integer, String> table = new TreeMap<>();
    String document = document();
    Matcher rows = CODE.matcher(document.substring(0, document.indexOf("## Asking")));
    while (rows.find()) {
      table.put(Integer.valueOf(rows.group(1)), rows.group(2));
    }

    TreeSet<Integer> codes = new TreeSet<>(List.of(0));
    for (Status.Code code : Status.Code.values()) {
      codes.add(Failures.exitCode(new StatusRuntimeException(code.toStatus())));
    }
    codes.add(Failures.exitCode(new IllegalStateException("a bug")));
    assertThat(table.keySet()).containsExactlyElementsOf(codes);
    assertThat(table.get(0)).isEqualTo("done");
    assertThat(table.get(Failures.NEGATIVE)).startsWith("the answer is no");
    assertThat(table.get(Failures.USAGE)).startsWith("wrong usage or input");
    assertThat(table.get(Failures.UNREACHABLE)).contains("cannot be reached");
    assertThat(table.get(Failures.INTERNAL)).isEqualTo("an internal error");
  }

  @Test
  void every_command_is_in_the_document() throws IOException {
    String document = document();
    List<String> missing = new ArrayList<>();
    Donut.commandLine()
        .getSubcommands()
        .forEach((name, command) -> missing("donut " + name, command, document, missing));

    assertThat(missing).isEmpty();
  }

  /// A command with commands of its own is in the document when they are.
  private static void missing(
      String name, CommandLine command, String document, List<String> missing) {
    if (command.getCommandSpec().usageMessage().hidden() || name.endsWith(" help")) {
      return;
    }
    if (command.getSubcommands().isEmpty()) {
      if (!Pattern.compile("`" + name + "\\b").matcher(document).find()) {
        missing.add(name);
      }
      return;
    }
    command
        .getSubcommands()
        .forEach((word, own) -> missing(name + " " + word, own, document, missing));
  }
}
