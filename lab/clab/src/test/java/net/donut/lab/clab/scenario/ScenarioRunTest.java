package net.donut.lab.clab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.parse.ScenarioReader;
import net.donut.lab.clab.scenario.ScenarioResult.StepResult;
import net.donut.lab.clab.scenario.ScenarioResult.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/// Scenarios in a lab of two nodes, with real cuts and streams.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
class ScenarioRunTest {
  private static final String TOPOLOGY =
      """
      name: x
      topology:
        defaults: {kind: linux, image: alpine}
        nodes:
          a: {exec: [ip addr add 10.9.0.1/24 dev eth1]}
          b: {exec: [ip addr add 10.9.0.2/24 dev eth1]}
        links:
          - endpoints: ["a:eth1", "b:eth1"]
      """;
  private static final String FLOWS =
      """
        - flows:
            - name: ab
              a: {node: a, address: 10.9.0.1}
              b: {node: b, address: 10.9.0.2}
          rate: 200
      """;

  @TempDir private Path directory;

  private ScenarioResult run(String steps) throws IOException {
    Path topology = Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
    Path scenario = Files.writeString(directory.resolve("lab.scenario.yml"), "steps:\n" + steps);
    List<String> story = new ArrayList<>();
    try (DeployedLab lab =
        DeployedLab.deploy(topology, "trun" + ProcessHandle.current().pid(), directory)) {
      ScenarioResult result =
          ScenarioRun.run(
              ScenarioReader.read(scenario), DeployedLab.RUNTIME, lab.record(), story::add);
      assertThat(story).hasSameSizeAs(result.steps());
      return result;
    }
  }

  @Test
  void an_outage_is_measured_in_the_step_that_makes_it_and_judged_by_its_expectation()
      throws IOException {
    ScenarioResult result =
        run(
            FLOWS
                + """
                  - cut: a:b
                    kind: silent
                    watch: 600ms
                    expect: [{flow: ab, outage: 100ms}]
                  - restore: a:b
                    watch: 600ms
                    expect: [{flow: ab, loss: 99%}]
                """);

    StepResult cut = result.steps().get(1);
    assertThat(cut.verdict())
        .isInstanceOfSatisfying(
            Verdict.Failed.class,
            failed ->
                assertThat(failed.reason())
                    .contains("lab.scenario.yml:10: a to b: outage")
                    .contains("(expected: at most 100ms)"));
    assertThat(cut.streams())
        .hasSize(2)
        .allSatisfy(stream -> assertThat(stream.maxGapMs()).isGreaterThan(500));
    assertThat(result.steps().get(2).verdict()).isEqualTo(Verdict.Plain.PASSED);
    assertThat(result.hasPassed()).isFalse();
  }

  @Test
  void what_makes_the_rest_meaningless_skips_it() throws IOException {
    ScenarioResult result =
        run(
            """
              - assert: a
                command: ip addr show dev eth1
                contains: [10.9.0.1/24]
                lacks: [10.9.0.2]
              - assert: a
                command: ip addr show dev eth1
                contains: [10.9.0.2]
              - wait: b
                command: echo hello
                contains: [bye]
                within: 300ms
              - kill: a
            """);

    assertThat(result.steps())
        .extracting(StepResult::verdict)
        .containsExactly(
            Verdict.Plain.PASSED,
            new Verdict.Failed("'10.9.0.2' is not in it"),
            new Verdict.Failed("'bye' is not in it after 300ms"),
            Verdict.Plain.SKIPPED);
  }

  @Test
  void what_viewers_saw_is_in_the_reports_as_a_whole_and_at_each_change() throws IOException {
    ScenarioResult result =
        run(
            """
              - streams: [{name: people, node: a, count: 4, rate: 50}]
                server: {nodes: [b], address: 10.9.0.2}
              - pause: 500ms
              - cut: a:b
                kind: silent
                watch: 600ms
              - restore: a:b
                watch: 300ms
            """);

    JsonNode json = ScenarioReport.json(result);
    assertThat(json.at("/viewers/0/name").asText()).isEqualTo("people");
    assertThat(json.at("/viewers/0/streams").asInt()).isEqualTo(4);
    assertThat(json.at("/viewers/0/outage_ms").asDouble()).isGreaterThan(500);
    assertThat(json.at("/viewers/0/rtt_ms_p50").asDouble()).isPositive();
    assertThat(json.at("/viewers/0/stalls").isInt()).isTrue();
    assertThat(json.at("/steps/1/viewers")).isEmpty();
    assertThat(json.at("/steps/2/viewers/0/interrupted_streams").asInt()).isEqualTo(4);
    assertThat(ScenarioReport.html(result))
        .contains("<h2>Viewers</h2>", "longest outage", "streams interrupted", "<td>people</td>");
  }

  @Test
  void a_result_is_written_for_programs_people_and_ci() throws Exception {
    ScenarioResult result =
        run(
            FLOWS
                + """
                  - cut: a:eth9
                  - restore: all
                """);

    ScenarioReport.write(result, directory.resolve("out"));

    JsonNode json = ScenarioReport.json(result);
    assertThat(json.path("ok").asBoolean()).isFalse();
    assertThat(json.path("viewers")).isEmpty();
    assertThat(json.at("/steps/1/reason").asText())
        .isEqualTo("link: 'a:eth9' is none of this lab (expected one of: a:eth1-b:eth1)");
    assertThat(Files.readString(directory.resolve("out/report.html")))
        .contains("not every step passed", "link: 'a:eth9' is none of this lab");
    Element suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new InputSource(
                    new StringReader(Files.readString(directory.resolve("out/junit.xml")))))
            .getDocumentElement();
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("skipped")).isEqualTo("1");
    assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(1);
  }
}
