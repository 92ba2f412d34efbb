package net.donut.pki;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/// Files that are whole or absent, and readable by whom they are meant for from their first byte
/// on.
final class SecretFiles {
  /// Who may read a file beside its owner.
  enum Readers {
    OWNER("rw-------"),
    EVERYONE("rw-r--r--");

    private final String mode;

    Readers(String mode) {
      this.mode = mode;
    }

    Set<PosixFilePermission> permissions() {
      return PosixFilePermissions.fromString(mode);
    }
  }

  private SecretFiles() {}

  static void createDirectory(Path directory) throws IOException {
    Set<PosixFilePermission> ours = PosixFilePermissions.fromString("rwx------");
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ours));
    }
    Files.setPosixFilePermissions(directory, ours);
  }

  static void write(Path file, String text, Readers readers) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.deleteIfExists(next);
    try (FileChannel channel =
        FileChannel.open(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(readers.permissions()))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.setPosixFilePermissions(next, readers.permissions());
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static String pem(String type, byte[] content) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, content));
    }
    return text.toString();
  }
}
