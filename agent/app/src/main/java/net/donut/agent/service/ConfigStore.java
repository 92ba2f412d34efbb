package net.donut.agent.service;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import net.donut.api.agent.v1.ConfigureRequest;
import org.jspecify.annotations.Nullable;

/// The last configuration on disk, `config.pb` in the state directory, so that a restarted agent
/// brings its sessions up before any controller comes. Holds secrets: readable by its owner only. A
/// crash leaves the old or the new content, never a part.
final class ConfigStore {
  private static final String NAME = "config.pb";

  private final Path directory;

  ConfigStore(Path directory) {
    this.directory = directory;
  }

  void save(ConfigureRequest request) throws IOException {
    Path temporary = directory.resolve(NAME + ".new");
    Files.deleteIfExists(temporary);
    try (FileChannel file =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer bytes = request.toByteString().asReadOnlyByteBuffer();
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    }
    Files.move(
        temporary,
        directory.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  /// The last configuration, or null when there is none. An unreadable one is put aside as
  /// `config.pb.bad`, and then there is none.
  @Nullable ConfigureRequest load() throws IOException {
    Path file = directory.resolve(NAME);
    try {
      return ConfigureRequest.parseFrom(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return null;
    } catch (InvalidProtocolBufferException e) {
      Path aside = directory.resolve(NAME + ".bad");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      ServiceEvents.configurationUnreadable(file, aside, e);
      return null;
    }
  }
}
