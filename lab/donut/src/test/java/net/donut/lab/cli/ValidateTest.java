package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `donut lab validate` of a file that is a template.
class ValidateTest {
  private static final String TEMPLATE =
      """
      name: t
      topology:
        nodes: {a: {kind: linux, image: {{ .image }}}}
      """;

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws IOException {
    Files.writeString(directory.resolve("t.clab.gotmpl"), TEMPLATE);
    Files.writeString(directory.resolve("t.clab_vars.yml"), "image: alpine\n");
    Files.writeString(directory.resolve("mine.yml"), "image: debian\n");
    Files.writeString(directory.resolve("wrong.yml"), "image: [1, 2\n");
  }

  private int validate(String... options) {
    CommandLine line = new CommandLine(new DeployCommands.Validate());
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    String[] all = new String[options.length + 1];
    all[0] = directory.resolve("t.clab.gotmpl").toString();
    System.arraycopy(options, 0, all, 1, options.length);
    return line.execute(all);
  }

  @Test
  void what_a_template_becomes_is_printed_and_nothing_else() {
    assertThat(validate("--rendered")).isZero();

    assertThat(out.toString()).isEqualTo(TEMPLATE.replace("{{ .image }}", "alpine"));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void given_variables_go_instead_of_those_beside_the_file() {
    String mine = directory.resolve("mine.yml").toString();

    assertThat(validate("--rendered", "--vars", mine)).isZero();

    assertThat(out.toString()).contains("image: debian");
  }

  @Test
  void what_is_wrong_after_the_template_is_told_beside_the_text() throws IOException {
    Files.writeString(directory.resolve("t.clab_vars.yml"), "image: \"{\"\n");

    assertThat(validate("--rendered")).isEqualTo(2);

    assertThat(out.toString()).contains("image: {}}");
    assertThat(err.toString()).startsWith("t.clab.gotmpl (rendered):");
  }

  @Test
  void what_has_no_effect_or_is_other_than_with_containerlab_is_told() throws IOException {
    Files.writeString(
        directory.resolve("t.clab.gotmpl"),
        """
        name: t
        topology:
          nodes:
            a: {kind: linux, image: alpine, memory: 1gb}
            br: {kind: bridge}
        """);

    assertThat(validate()).isZero();
    assertThat(err.toString())
        .startsWith(
            "t.clab.gotmpl:4: warning: topology.nodes.a.memory: has no effect in namespaces")
        .contains("note: bridge br is made in a namespace");

    err.getBuffer().setLength(0);
    assertThat(validate("--runtime", "docker")).isZero();
    assertThat(err.toString()).doesNotContain("memory");
  }

  @Test
  void variables_that_cannot_be_read_are_told_by_their_file() {
    assertThat(validate("--vars", directory.resolve("wrong.yml").toString())).isEqualTo(2);

    assertThat(err.toString()).startsWith("wrong.yml:2: not YAML");
  }
}
