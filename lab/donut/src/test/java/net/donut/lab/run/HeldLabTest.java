package net.donut.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.lab.net.LabException;
import net.donut.lab.net.ProcessId;
import org.junit.jupiter.api.Test;

/// Who holds a lab up, by its file in `/run/donut/lab`; needs root.
@NeedsKernel
class HeldLabTest {
  private static String labName(String test) {
    return "t-" + test + ProcessHandle.current().pid();
  }

  @Test
  void a_lab_that_runs_is_not_taken_over() throws Exception {
    String lab = labName("held");
    Process holder = new ProcessBuilder("sleep", "60").start();
    try {
      Path directory = Files.createDirectories(HeldLab.directoryOf(lab));
      ProcessId id = ProcessId.of("lab", holder.pid()).orElseThrow();
      Files.writeString(
          directory.resolve("state.json"),
          """
          {"lab": "%s", "owner": {"name": "lab", "pid": %d, "start": %d}}
          """
              .formatted(lab, id.pid(), id.start()));

      assertThatThrownBy(() -> HeldLab.claim(lab))
          .isInstanceOf(LabException.class)
          .hasMessage(
              "lab '%s' is running (process %d): end it with: donut lab down --name %s"
                  .formatted(lab, id.pid(), lab));
    } finally {
      holder.destroyForcibly();
      HeldLab.read(lab).orElseThrow().remove();
    }
  }

  @Test
  void the_name_of_a_killed_lab_is_free_for_the_next() throws Exception {
    String lab = labName("left");
    Process owner = new ProcessBuilder("sleep", "60").start();
    Path directory = Files.createDirectories(HeldLab.directoryOf(lab));
    ProcessId ownerId = ProcessId.of("lab", owner.pid()).orElseThrow();
    Files.writeString(
        directory.resolve("state.json"),
        """
        {"lab": "%s", "owner": {"name": "lab", "pid": %d, "start": %d}, "facts": {"ready": "yes"}}
        """
            .formatted(lab, ownerId.pid(), ownerId.start()));
    owner.destroyForcibly().waitFor(5, TimeUnit.SECONDS);

    HeldLab held = HeldLab.claim(lab);

    assertThat(held.owner()).contains(ProcessId.self("lab"));
    assertThat(held.fact("ready")).isEmpty();
    held.remove();
    assertThat(Files.exists(directory)).isFalse();
  }
}
