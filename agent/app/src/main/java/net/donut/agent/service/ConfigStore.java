package net.donut.agent.service;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;
import net.donut.api.agent.v1.ConfigureRequest;
import org.jspecify.annotations.Nullable;

/// The last configuration on disk, `config.pb` in the state directory, so that a restarted agent
/// brings its sessions up before any controller comes. Holds secrets: readable by its owner only. A
/// crash leaves the old or the new content, never a part.
///
/// Its first line holds a checksum: a message that is cut at the right place would be one with
/// fewer neighbors, and an empty file one that configures nothing.
final class ConfigStore {
  private static final String NAME = "config.pb";
  private static final String SEAL = "donut configuration, crc32 ";
  private static final int SEAL_BYTES = SEAL.length() + 9;

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
      byte[] content = request.toByteArray();
      ByteBuffer bytes = ByteBuffer.allocate(SEAL_BYTES + content.length);
      bytes.put(seal(content, 0)).put(content).flip();
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
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      return parse(bytes);
    } catch (InvalidProtocolBufferException e) {
      Path aside = directory.resolve(NAME + ".bad");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
      ServiceLog.configurationUnreadable(file, aside, e);
      return null;
    }
  }

  private static ConfigureRequest parse(byte[] bytes) throws InvalidProtocolBufferException {
    if (bytes.length >= SEAL_BYTES
        && Arrays.equals(seal(bytes, SEAL_BYTES), 0, SEAL_BYTES, bytes, 0, SEAL_BYTES)) {
      return ConfigureRequest.parser().parseFrom(bytes, SEAL_BYTES, bytes.length - SEAL_BYTES);
    }
    if (bytes.length == 0 || bytes[0] == SEAL.charAt(0)) {
      throw new InvalidProtocolBufferException(
          bytes.length + " bytes that do not have the checksum they say (expected: a whole file)");
    }
    return ConfigureRequest.parseFrom(bytes); // of a version before the checksum
  }

  /// The first line of a file whose content begins at `from`.
  private static byte[] seal(byte[] content, int from) {
    CRC32 crc = new CRC32();
    crc.update(content, from, content.length - from);
    return (SEAL + "%08x\n".formatted(crc.getValue())).getBytes(StandardCharsets.US_ASCII);
  }
}
