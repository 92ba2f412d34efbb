package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.donut.lab.clab.model.RuntimeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabFilesTest {
  @TempDir private Path directory;

  @Test
  void inventories_have_the_groups_that_labels_name() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("x.clab.yml"),
            """
            name: x
            topology:
              defaults: {kind: linux, image: donut-lab}
              nodes:
                a: {labels: {ansible-group: spine, nornir-group: core, nornir-group-2: red}}
                b: {labels: {ansible-no-host-var: "true"}}
            """);

    LabFiles.write(DeployedLab.plan(file, RuntimeKind.DOCKER, "x", directory));

    assertThat(Files.readString(directory.resolve("clab-x/ansible-inventory.yml")))
        .endsWith(
            """
              children:
                linux:
                  hosts:
                    clab-x-a:
                      ansible_host: 172.20.20.2
                    clab-x-b:
                spine:
                  hosts:
                    clab-x-a:
                      ansible_host: 172.20.20.2
            """);
    assertThat(Files.readString(directory.resolve("clab-x/nornir-simple-inventory.yml")))
        .isEqualTo(
            """
            ---
            clab-x-a:
              hostname: 172.20.20.2
              platform: linux
              groups: [core, red]
            clab-x-b:
              hostname: 172.20.20.3
              platform: linux
            """);
  }
}
