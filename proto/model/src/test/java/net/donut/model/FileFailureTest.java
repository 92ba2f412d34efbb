package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileFailureTest {

  @Test
  void the_file_and_the_cause_are_named() {
    assertThat(FileFailure.text(new NoSuchFileException("/a")))
        .isEqualTo("/a: no such file or directory");
    assertThat(FileFailure.text(new AccessDeniedException("/a")))
        .isEqualTo("/a: permission denied");
    assertThat(FileFailure.text(new FileSystemException("/a", null, "No space left on device")))
        .isEqualTo("/a: the disk is full");
    assertThat(FileFailure.text(new FileNotFoundException("/a (Is a directory)")))
        .isEqualTo("/a: is a directory (expected: a file)");
    assertThat(FileFailure.text(new IOException("No space left on device")))
        .isEqualTo("the disk is full");
  }

  @Test
  void what_is_not_known_is_said_as_it_came() {
    assertThat(FileFailure.text(new IOException("the moon is in the way")))
        .isEqualTo("the moon is in the way");
    assertThat(FileFailure.text(new FileSystemException("/a")))
        .isEqualTo("/a: input or output failed");
  }

  @Test
  void a_real_failure_of_the_file_system_is_known() {
    try {
      Files.readString(Path.of("/proc/self/status/x"));
    } catch (IOException e) {
      assertThat(FileFailure.text(e)).isEqualTo("/proc/self/status/x: not a directory");
    }
  }
}
