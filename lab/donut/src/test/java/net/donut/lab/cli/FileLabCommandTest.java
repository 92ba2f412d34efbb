package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The commands of every lab on labs of containerlab files. Needs root.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class FileLabCommandTest {
  private static final String TOPOLOGY =
      """
      name: x
      topology:
        nodes:
          a: {kind: linux, image: donut-agent, restart-policy: "no", entrypoint: sleep 2000}
          b: {kind: linux, image: alpine}
        links:
          - endpoints: ["a:eth1", "b:eth1"]
      """;

  private final String first = "tcmd" + ProcessHandle.current().pid();
  private final String second = first + "b";
  private final StringWriter printed = new StringWriter();
  private final StringWriter told = new StringWriter();

  @TempDir private Path directory;

  private List<DeployedLab> labs = List.of();

  @BeforeEach
  void deploy() throws IOException {
    Path file = Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
    labs =
        Stream.of(first, second)
            .map(name ->
                DeployedLab.deploy(DeployedLab.plan(file, RuntimeKind.NETNS, name, directory)))
            .toList();
  }

  @AfterEach
  void destroy() {
    labs.forEach(DeployedLab::close);
  }

  @Test
  void a_link_is_cut_shown_and_restored() throws IOException {
    donut(0, "cut", "a:b", "--kind", "silent", "--name", first);
    assertThat(printed.toString()).contains("cut a:b (silent)");

    donut(0, "status", "--name", first);
    assertThat(printed.toString())
        .containsPattern("NODE +AS +NAMESPACE +STATE")
        .containsPattern("a:eth1-b:eth1 +cut \\(silent\\)")
        .containsPattern("a-agent +[0-9]+ +running");
    JsonNode json = status();
    assertThat(json.path("links").path(0).path("state").asText()).isEqualTo("cut");
    assertThat(json.path("links").path(0).path("kind").asText()).isEqualTo("silent");
    assertThat(json.path("nodes")).hasSize(2);
    assertThat(json.has("socket")).isFalse();

    donut(0, "restore", "--all", "--name", first);
    assertThat(status().path("links").path(0).path("state").asText()).isEqualTo("up");
    assertThat(told.toString()).isEmpty();
  }

  @Test
  void a_process_is_killed_and_started_by_its_name_or_that_of_its_node() throws IOException {
    donut(0, "kill", "a-agent", "--name", first);
    assertThat(process().path("running").asBoolean()).isFalse();

    donut(0, "start", "a", "--name", first);
    assertThat(process().path("running").asBoolean()).isTrue();

    donut(1, "start", "a", "--name", first);
    assertThat(told.toString()).contains("a runs already");
    donut(1, "kill", "b", "--name", first);
    assertThat(told.toString()).contains("process: 'b' (expected one of: [a-agent])");
  }

  @Test
  void the_old_words_work_and_say_the_new_ones() {
    donut(0, "links", "cut", "a:eth1", "--name", first);
    assertThat(told.toString())
        .isEqualTo(
            "donut: 'lab links cut' is now 'donut lab cut', and ends with the next version\n");
    donut(0, "links", "restore", "a:eth1", "--name", first);
    assertThat(told.toString()).contains("'lab links restore' is now 'donut lab restore'");
    donut(0, "links", "flap", "a:eth1", "--count", "1", "--period", "100ms", "--name", first);
    assertThat(told.toString()).contains("'lab links flap' is now 'donut lab cut --kind flap'");
    assertThat(printed.toString()).contains("cut a:eth1 (fibre)", "restored a:eth1");
  }

  @Test
  void where_several_labs_are_up_one_must_be_named() {
    for (String command : List.of("status", "inspect")) {
      donut(1, command);
    }
    donut(1, "cut", "a:b");
    assertThat(told.toString().lines())
        .hasSize(3)
        .allSatisfy(line ->
            assertThat(line)
                .contains(" labs are up: ", first, second, "(expected: --name LAB or -t FILE)"));

    donut(1, "status", "--name", "nowhere");
    assertThat(told.toString())
        .contains("no lab 'nowhere' is up", "deploy it with: donut lab deploy -t FILE");
  }

  private JsonNode process() throws IOException {
    return status().path("processes").path(0);
  }

  private JsonNode status() throws IOException {
    printed.getBuffer().setLength(0);
    donut(0, "status", "-o", "json", "--name", first);
    return new ObjectMapper().readTree(printed.toString());
  }

  private void donut(int exitCode, String... arguments) {
    CommandLine line = new CommandLine(new LabCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    line.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(told, true));
    assertThat(line.execute(arguments)).as("%s%s", printed, told).isEqualTo(exitCode);
  }
}
