package net.donut.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsDocker;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.net.Command;
import net.donut.lab.net.Launcher;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A script in the style of those that authors of labs write for docker and containerlab.
@Timeout(value = 600, unit = TimeUnit.SECONDS)
@NeedsDocker
class RunScriptTest {
  private static final String TOPOLOGY =
      """
      name: pair
      topology:
        defaults: {kind: linux, image: donut-lab}
        nodes:
          r1: {exec: [ip address add 10.0.0.1/24 dev eth1]}
          r2: {exec: [ip address add 10.0.0.2/24 dev eth1]}
        links:
          - endpoints: ["r1:eth1", "r2:eth1"]
      """;

  private static final String SCRIPT =
      """
      set -u
      echo "up: $(docker inspect -f '{{.State.Running}}' clab-pair-r1)"
      echo "pid: $(docker inspect --format='{{.State.Pid}}' clab-pair-r1 | grep -c '^[1-9]')"
      echo "address: $(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' r2)"
      docker ps --format '{{.Names}} {{.State}}' | sed 's/^clab-[^ ]*-/node /'
      while read -r node; do
        sudo docker exec "$node" hostname
      done <<END
      clab-pair-r1
      r2
      END
      echo through | docker exec -i clab-pair-r2 cat
      docker exec -e COLOR=red -w /tmp clab-pair-r1 sh -c 'echo "$COLOR in $PWD"'
      docker exec r1 sh -c 'exit 7'; echo "code $?"
      docker pause r2 >/dev/null; docker inspect -f '{{.State.Status}}' r2; docker unpause r2 >/dev/null
      docker stop r2 >/dev/null; docker inspect -f '{{.State.Running}}' r2; docker ps -q | wc -l
      docker start r2 >/dev/null; docker inspect -f '{{.State.Status}}' r2
      echo data >"$1/file"; docker cp "$1/file" r1:/tmp/there; docker exec r1 cat /tmp/there
      containerlab exec -t pair.clab.yml --label clab-node-name=r1 --cmd 'ip -o -4 address show eth1' | grep -o '10.0.0.1/24'
      clab inspect --name pair -f json | grep -c '"state" : "running"'
      docker network ls; echo "code $?"
      docker exec --cidfile x r1 true; echo "code $?"
      docker exec nobody true; echo "code $?"
      clab deploy -t pair.clab.yml; echo "code $?"
      exit 5
      """;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void a_script_finds_docker_and_containerlab(RuntimeKind runtime) throws IOException {
    Path file = Files.writeString(directory.resolve("pair.clab.yml"), TOPOLOGY);
    Path script = Files.writeString(directory.resolve("check.sh"), SCRIPT);
    String name = "tscript" + runtime.word() + ProcessHandle.current().pid();
    try (DeployedLab lab = DeployedLab.deploy(DeployedLab.plan(file, runtime, name, directory))) {
      List<String> line =
          List.of("lab", "run-script", "--name", name, script.toString(), directory.toString());

      Command.Result result =
          Command.tryRun(Launcher.command(line), "not for a node\n", Duration.ofMinutes(8));

      assertThat(result.output())
          .as(result.errors())
          .isEqualTo(
              """
              up: true
              pid: 1
              address: %s
              node r1 running
              node r2 running
              r1
              r2
              through
              red in /tmp
              code 7
              paused
              false
              1
              running
              data
              10.0.0.1/24
              2
              code 125
              code 125
              code 1
              code 125
              """
                  .formatted(lab.record().node("r2").ipv4()));
      assertThat(result.errors())
          .contains("donut lab run-script: docker: 'network' is not answered (answered: exec, ")
          .contains("docker: exec: option '--cidfile' is not answered")
          .contains("No such container: nobody")
          .contains("clab: 'deploy' is not answered");
      assertThat(result.exitCode()).isEqualTo(5);
    }
  }
}
