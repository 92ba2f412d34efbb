package net.donut.controller.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StateStoreTest {
  private static final StateStore.AppliedPolicy APPLIED =
      new StateStore.AppliedPolicy("new.yaml", "as: 1\n", "as: 2\n");

  private static final SavedOverride OVERRIDE =
      new SavedOverride(
          Prefix.parse("2001:db8::/32"), "tier1a", Instant.parse("2026-02-03T04:05:06.789Z"));

  @TempDir Path directory;

  @Test
  void starts_grow_even_when_the_clock_goes_back() {
    try (StateStore store = StateStore.open(directory)) {
      long first = store.nextStart(Instant.ofEpochSecond(1000));
      long second = store.nextStart(Instant.ofEpochSecond(10));

      assertThat(first).isEqualTo(1000);
      assertThat(second).isEqualTo(1001);
    }
  }

  @Test
  void what_was_written_is_there_after_opening_again() {
    try (StateStore store = StateStore.open(directory)) {
      store.applyPolicy(APPLIED);
      store.drained(Set.of("b", "a"));
      store.overrides(List.of(OVERRIDE));
      assertThat(store.nextGeneration()).isEqualTo(1);
    }

    try (StateStore store = StateStore.open(directory)) {
      assertThat(store.appliedPolicy()).isEqualTo(APPLIED);
      assertThat(store.drained()).containsExactly("a", "b");
      assertThat(store.overrides()).containsExactly(OVERRIDE);
      assertThat(store.nextGeneration()).isEqualTo(2);
    }
  }

  @Test
  void a_broken_override_says_where_it_is() throws IOException {
    Files.writeString(directory.resolve("overrides"), "20.0.0.0/8 tomorrow tier1a");

    try (StateStore store = StateStore.open(directory)) {
      assertThatThrownBy(store::overrides)
          .isInstanceOf(StateException.class)
          .hasMessageContaining("overrides: '20.0.0.0/8 tomorrow tier1a' (expected: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"applied", "drained", "overrides"})
  void a_file_that_is_cut_anywhere_never_passes_for_less(String name) throws IOException {
    Path file = directory.resolve(name);
    try (StateStore store = StateStore.open(directory)) {
      store.applyPolicy(APPLIED);
      store.drained(Set.of("a", "b"));
      store.overrides(List.of(OVERRIDE));
      byte[] whole = Files.readAllBytes(file);
      for (int length = 0; length < whole.length; length++) {
        Files.write(file, Arrays.copyOf(whole, length));

        assertThatThrownBy(() -> read(store, name))
            .as("cut at %d", length)
            .isInstanceOf(StateException.class)
            .hasMessageStartingWith(file + ": cut off or changed");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"applied", "drained", "overrides"})
  void a_file_in_which_a_character_changed_is_told(String name) throws IOException {
    Path file = directory.resolve(name);
    try (StateStore store = StateStore.open(directory)) {
      store.applyPolicy(APPLIED);
      store.drained(Set.of("a", "b"));
      store.overrides(List.of(OVERRIDE));
      byte[] whole = Files.readAllBytes(file);
      whole[whole.length - 1] ^= 1;
      Files.write(file, whole);

      assertThatThrownBy(() -> read(store, name))
          .isInstanceOf(StateException.class)
          .hasMessageStartingWith(file + ": cut off or changed");
    }
  }

  private static void read(StateStore store, String name) {
    switch (name) {
      case "applied" -> store.appliedPolicy();
      case "drained" -> store.drained();
      default -> store.overrides();
    }
  }

  @Test
  void a_policy_with_its_keys_is_for_its_owner_only() throws IOException {
    try (StateStore store = StateStore.open(directory)) {
      store.applyPolicy(APPLIED);
    }

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("applied"))))
        .isEqualTo("rw-------");
  }

  @Test
  void a_second_controller_is_refused() {
    try (StateStore _ = StateStore.open(directory)) {
      assertThatThrownBy(() -> StateStore.open(directory))
          .isInstanceOf(StateException.class)
          .hasMessage(
              "state directory "
                  + directory
                  + ": in use by another controller; stop it or give another --state-dir");
    }
  }

  @Test
  void a_directory_that_cannot_be_made_is_told() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> StateStore.open(file.resolve("state")))
        .isInstanceOf(StateException.class)
        .hasMessageStartingWith("state directory " + file.resolve("state") + ": not writable");
  }

  @Test
  void a_policy_that_was_cut_off_on_disk_is_told() throws IOException {
    try (StateStore store = StateStore.open(directory)) {
      store.applyPolicy(APPLIED);
      Files.writeString(directory.resolve("applied"), "new.yaml\n6\nas");

      assertThatThrownBy(store::appliedPolicy)
          .isInstanceOf(StateException.class)
          .hasMessageStartingWith(directory.resolve("applied") + ": cut off or changed");
    }
  }

  @NeedsKernel
  @Test
  void a_full_disk_refuses_what_operators_change_and_not_a_start() throws IOException {
    Path full = Files.createDirectory(directory.resolve("full"));
    run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", full.toString());
    try (StateStore store = StateStore.open(full)) {
      store.applyPolicy(APPLIED);
      assertThat(store.startGeneration()).isEqualTo(1);
      Path filler = full.resolve("filler");
      fill(filler);

      assertThat(store.nextStart(Instant.ofEpochSecond(1000))).isEqualTo(1000);

      assertThat(store.trouble()).contains("starts: not writable (No space left on device)");
      assertThat(store.startGeneration()).isEqualTo(2);
      assertThatThrownBy(store::nextGeneration).isInstanceOf(StateException.class);
      StateStore.AppliedPolicy next = new StateStore.AppliedPolicy("b.yaml", "as: 3\n", "as: 2\n");
      assertThatThrownBy(() -> store.applyPolicy(next)).isInstanceOf(StateException.class);
      assertThat(store.appliedPolicy()).isEqualTo(APPLIED);
      Files.delete(filler);
      assertThat(store.nextGeneration()).isEqualTo(3);
      assertThat(store.trouble()).isEmpty();
    } finally {
      run("umount", full.toString());
    }
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  out.write(new byte[1024]);
                }
              })
          .isInstanceOf(IOException.class);
    }
  }

  private static void run(String... command) throws IOException {
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
