package net.donut.lab.clab.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.donut.lab.clab.model.Scenario;
import net.donut.lab.clab.model.Scenario.Step;
import net.donut.lab.net.LabException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioReaderTest {
  @TempDir private Path directory;

  private Scenario read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("lab.scenario.yml"), text);
    return ScenarioReader.read(file);
  }

  @Test
  void every_step_is_read_with_its_line_and_title() throws IOException {
    Scenario scenario =
        read(
            """
            steps:
              - wait: a
                command: ip route
                contains: [default]
                within: 5s
              - flows:
                  - name: ab
                    a: {node: a, address: 10.9.0.1}
                    b: {node: b, address: 10.9.0.2}
                rate: 100
              - pause: 500ms
              - cut: a:eth1
                kind: brown-out
                loss: 10%
                watch: 1s
                expect:
                  - {flow: ab, outage: 50ms, loss: 15%}
              - kill: b
              - freeze: a
              - restore: all
              - impair: a:b
                delay: 20ms
              - assert: a
                command: ip link
                lacks: [DOWN]
            """);

    assertThat(scenario.name()).isEqualTo("lab");
    assertThat(scenario.topology()).isEqualTo(directory.resolve("lab.clab.yml"));
    assertThat(scenario.steps())
        .extracting(Step::title)
        .containsExactly(
            "wait for a: ip route",
            "flows ab, 100 packets a second",
            "pause 500ms",
            "cut a:eth1 (brown-out 10 %)",
            "cut b (node-kill)",
            "cut a (node-freeze)",
            "restore all",
            "impair a:b: delay 20ms",
            "assert a: ip link");
    assertThat(scenario.steps().get(3).place()).hasToString("lab.scenario.yml:12");
    assertThat(scenario.steps().get(3))
        .isInstanceOfSatisfying(
            Scenario.Change.class,
            change -> {
              assertThat(change.watch()).isEqualTo(Duration.ofSeconds(1));
              assertThat(change.expectations().getFirst().outage())
                  .isEqualTo(Duration.ofMillis(50));
              assertThat(change.expectations().getFirst().lossPercent()).isEqualTo(15);
            });
  }

  @Test
  void every_mistake_is_told_with_its_line_and_what_was_expected() {
    assertThatThrownBy(() ->
            read(
                """
                steps:
                  - sleep: 5s
                  - cut: a:eth1
                    kind: sideways
                  - cut: a:eth1
                    knd: fibre
                  - pause: 5
                  - assert: a
                    command: ip link
                  - impair: a:b
                    delay: soon
                  - restore: all
                    expect:
                      - {flow: ab, outage: 50ms}
                  - kill: a
                    freeze: b
                """))
        .isInstanceOf(LabException.class)
        .hasMessage(
            """
            lab.scenario.yml:2: steps[1]: no step (expected: one of assert, cut, flows, freeze, impair, kill, pause, restore, streams, wait)
            lab.scenario.yml:4: steps[2].kind: 'sideways' (expected: fibre, silent, one-way, admin-down, node-kill, node-freeze, brown-out, flap)
            lab.scenario.yml:6: steps[3]: unknown key 'knd' (expected: kind?)
            lab.scenario.yml:7: steps[4].pause: '5' (expected: such as 20ms or 1.5s)
            lab.scenario.yml:8: steps[5].contains: nothing (expected: a text, or lacks)
            lab.scenario.yml:11: steps[6].delay: 'soon' (expected: such as 20ms or 1.5s)
            lab.scenario.yml:14: expect.flow: 'ab' (expected: flows in a step before)
            lab.scenario.yml:15: steps[8]: freeze and kill (expected: one of assert, cut, flows, freeze, impair, kill, pause, restore, streams, wait)\
            """);
  }

  @Test
  void streams_have_a_server_and_viewers() throws IOException {
    Scenario scenario =
        read(
            """
            steps:
              - streams:
                  - {name: near, node: v1, count: 30, rate: 20, bytes: 500}
                  - {name: far, node: v2}
                server: {nodes: [s1, s2], address: 203.0.113.10}
            """);

    assertThat(scenario.steps().getFirst())
        .isInstanceOfSatisfying(
            Scenario.Streams.class,
            streams -> {
              assertThat(streams.title()).isEqualTo("streams of 30 in near, 100 in far");
              assertThat(streams.server().nodes()).containsExactly("s1", "s2");
              assertThat(streams.viewers())
                  .containsExactly(
                      new Scenario.Viewers("near", "v1", 30, 20, 500),
                      new Scenario.Viewers("far", "v2", 100, 16, 1_250));
            });
  }

  @Test
  void streams_without_a_server_are_refused() {
    assertThatThrownBy(() -> read("steps:\n  - streams: [{name: a, node: v}]\n"))
        .hasMessage(
            "lab.scenario.yml:2: steps[1].server: nothing (expected: {nodes: [NODE], address: IP})");
  }

  @Test
  void a_file_without_steps_is_refused() {
    assertThatThrownBy(() -> read("name: x\n"))
        .hasMessage("lab.scenario.yml:1: steps: nothing (expected: a list of steps)");
  }
}
