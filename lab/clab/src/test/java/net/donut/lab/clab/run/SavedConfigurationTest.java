package net.donut.lab.clab.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a node's configuration is saved.
class SavedConfigurationTest {
  @TempDir private Path directory;

  @Test
  void what_a_node_reads_is_never_written_to() throws IOException {
    Path node = Files.createDirectories(directory.resolve("clab-x/r1"));
    Path file = Files.writeString(node.resolve("frr.conf"), "mine\n");
    Path link = Files.createSymbolicLink(directory.resolve("link.conf"), file);
    Path saved = node.resolve("frr.conf.saved");

    assertThat(SavedConfiguration.beside(file, List.of())).isEqualTo(file);
    assertThat(SavedConfiguration.beside(file, List.of(directory.resolve("r1.conf"))))
        .isEqualTo(file);
    assertThat(SavedConfiguration.beside(file, List.of(file))).isEqualTo(saved);
    assertThat(SavedConfiguration.beside(file, List.of(node))).isEqualTo(saved);
    assertThat(SavedConfiguration.beside(file, List.of(link))).isEqualTo(saved);
    assertThat(SavedConfiguration.beside(node.resolve("bgpd.conf"), List.of(node)))
        .isEqualTo(node.resolve("bgpd.conf.saved"));
  }
}
