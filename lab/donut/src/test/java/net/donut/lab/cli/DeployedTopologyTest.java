package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.clab.run.LabRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Commands about a lab whose file cannot be read without the variables it was deployed with.
@NeedsKernel
class DeployedTopologyTest {
  private final String lab = "s3vars" + ProcessHandle.current().pid();

  @TempDir private Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void destroy() {
    LabRecord.read(lab).ifPresent(_ -> donut("destroy", "--name", lab, "--cleanup"));
  }

  private int donut(String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = new CommandLine(new LabCommand());
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(words);
  }

  @Test
  void a_lab_is_known_without_the_variables_of_its_deployment() throws IOException {
    Path variables = Files.writeString(directory.resolve("mine.yml"), "names: [left, right]\n");
    String file =
        Files.writeString(
                directory.resolve("t.clab.gotmpl"),
                """
                name: %s
                topology:
                  defaults: {kind: linux, image: alpine, ports: ["80:80"], binds: ["mine.yml:/f"]}
                  nodes: { {{range .names}} {{.}}: {}, {{end}} }
                  links: [{endpoints: ["{{index .names 0}}:eth1", "{{index .names 1}}:eth1"]}]
                """
                    .formatted(lab))
            .toString();
    assertThat(donut("deploy", "-t", file, "--vars", variables.toString())).as("%s", err).isZero();
    assertThat(err.toString()).contains("topology.defaults.ports: has no effect");
    Files.delete(variables);

    assertThat(donut("graph", "--name", lab, "--format", "mermaid")).as("%s", err).isZero();
    assertThat(out.toString()).contains("left", "right");
    assertThat(err.toString()).isEmpty();
    assertThat(donut("graph", "-t", file, "--format", "mermaid")).as("%s", err).isZero();
    assertThat(out.toString()).contains("left", "right");
    assertThat(donut("exec", "-t", file, "--node", "left", "--cmd", "hostname")).isZero();
    assertThat(out.toString()).isEqualTo("left\n");
    assertThat(donut("destroy", "-t", file, "--cleanup")).as("%s", err).isZero();
    assertThat(LabRecord.read(lab)).isEmpty();
    assertThat(donut("destroy", "-t", file)).isEqualTo(2);
  }
}
