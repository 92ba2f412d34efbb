package net.donut.controller.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// The state directory, locked for one controller. Its files hold the MD5 keys of a policy: they
/// are for their owner only. Used by one thread at a time.
public final class StateStore implements AutoCloseable {
  private static final String APPLIED = "applied";
  private static final String GENERATION = "generation";
  private static final String DRAINED = "drained";
  private static final String OVERRIDES = "overrides";
  private static final String STARTS = "starts";

  /// What the first line of a file with a checksum begins with.
  private static final String SEAL = "# crc32 ";

  /// A policy that an operator applied.
  ///
  /// @param replaced what the file that the controller was started with held then
  public record AppliedPolicy(String fileName, String text, String replaced) {}

  private final Path directory;
  private final FileChannel lock;
  private long latestGeneration;
  private volatile String trouble = "";

  private StateStore(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /// Opens the directory, creating it. Throws StateException when it cannot be written or another
  /// controller uses it.
  public static StateStore open(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel lock =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(lock)) {
        return new StateStore(directory, lock);
      }
      lock.close();
    } catch (IOException e) {
      throw new StateException(
          "state directory %s: not writable (%s); make it writable or give another --state-dir"
              .formatted(directory, reason(e)),
          e);
    }
    throw new StateException(
        "state directory %s: in use by another controller; stop it or give another --state-dir"
            .formatted(directory));
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String reason(IOException e) {
    String text = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
    return text == null ? e.getClass().getSimpleName().replace("Exception", "") : text;
  }

  /// A number larger than that of every start before: seconds since 1970, or one more than the
  /// last. A disk that is full keeps no controller from starting, see [#trouble].
  public long nextStart(Instant now) {
    long start = Math.max(number(STARTS) + 1, now.getEpochSecond());
    tryWrite(STARTS, start);
    return start;
  }

  /// The generation of the policy in use.
  public long generation() {
    return Math.max(latestGeneration, number(GENERATION));
  }

  /// Counts the generation on for the policy that the controller starts with; see [#trouble].
  public long startGeneration() {
    latestGeneration = generation() + 1;
    tryWrite(GENERATION, latestGeneration);
    return latestGeneration;
  }

  /// Counts the generation on and returns it.
  public long nextGeneration() {
    long generation = generation() + 1;
    write(GENERATION, Long.toString(generation));
    latestGeneration = generation;
    return generation;
  }

  private void tryWrite(String name, long number) {
    try {
      write(name, Long.toString(number));
    } catch (StateException e) {
      trouble = e.getMessage() + "; what operators change is refused until it is";
    }
  }

  /// Why the last number of a start could not be written down; empty when it was, or when something
  /// was since. Usable from any thread.
  public String trouble() {
    return trouble;
  }

  private long number(String name) {
    String text = read(name);
    try {
      return text == null ? 0 : Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new StateException(
          "%s: '%s' (expected: a number); remove the file".formatted(directory.resolve(name), text),
          e);
    }
  }

  /// What was applied last; null for nothing.
  public @Nullable AppliedPolicy appliedPolicy() {
    String text = readSealed(APPLIED);
    if (text == null) {
      return null;
    }
    String[] parts = text.split("\n", 3);
    try {
      int replaced = Integer.parseInt(parts[1]);
      return new AppliedPolicy(
          parts[0], parts[2].substring(replaced), parts[2].substring(0, replaced));
    } catch (IndexOutOfBoundsException | NumberFormatException e) {
      throw new StateException(
          "%s: cut off or changed (expected: as donut policy apply wrote it); remove the file"
              .formatted(directory.resolve(APPLIED)),
          e);
    }
  }

  /// In one file, so that it is there as a whole or not at all: the name, how many characters it
  /// replaced, what it replaced, and the policy.
  public void applyPolicy(AppliedPolicy policy) {
    writeSealed(
        APPLIED,
        policy.fileName().replace('\n', ' ')
            + "\n"
            + policy.replaced().length()
            + "\n"
            + policy.replaced()
            + policy.text());
  }

  public Set<String> drained() {
    String text = readSealed(DRAINED);
    return text == null
        ? Set.of()
        : new TreeSet<>(text.lines().filter(line -> !line.isBlank()).toList());
  }

  public void drained(Set<String> neighbors) {
    writeSealed(DRAINED, String.join("\n", List.copyOf(new TreeSet<>(neighbors))));
  }

  /// The overrides that were set, those that are over included.
  public List<SavedOverride> overrides() {
    String text = readSealed(OVERRIDES);
    return text == null
        ? List.of()
        : text.lines().filter(line -> !line.isBlank()).map(this::override).toList();
  }

  private SavedOverride override(String line) {
    String[] words = line.split(" ", 3);
    try {
      return new SavedOverride(Prefix.parse(words[0]), words[2], Instant.parse(words[1]));
    } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException e) {
      throw new StateException(
          "%s: '%s' (expected: prefix, time, neighbor); remove the line"
              .formatted(directory.resolve(OVERRIDES), line),
          e);
    }
  }

  public void overrides(List<SavedOverride> overrides) {
    List<String> lines =
        overrides.stream()
            .map(one -> one.prefix() + " " + one.until() + " " + one.neighbor())
            .toList();
    writeSealed(OVERRIDES, String.join("\n", lines));
  }

  /// With a checksum in the first line: what is cut off or changed must not pass for a shorter
  /// policy, or for nothing.
  private void writeSealed(String name, String text) {
    write(name, SEAL + checksum(text) + "\n" + text);
  }

  /// Null when there is no such file. One without the line is of a version before it.
  private @Nullable String readSealed(String name) {
    String text = read(name);
    if (text == null || (!text.startsWith("#") && !text.isBlank())) {
      return text;
    }
    int body = text.indexOf('\n') + 1;
    if (body == 0 || !text.startsWith(SEAL + checksum(text.substring(body)) + "\n")) {
      throw new StateException(
          "%s: cut off or changed (expected: as the controller wrote it); remove the file and say"
                  .formatted(directory.resolve(name))
              + " again what it held");
    }
    return text.substring(body);
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(UTF_8));
    return "%08x".formatted(crc.getValue());
  }

  private @Nullable String read(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private StateException unreadable(String name, IOException e) {
    return new StateException(
        "%s: not readable (%s)".formatted(directory.resolve(name), reason(e)), e);
  }

  private void write(String name, String text) {
    Path target = directory.resolve(name);
    Path temporary = directory.resolve(name + ".new");
    try {
      Files.deleteIfExists(temporary);
      try (FileChannel file =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
        file.force(true);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
        parent.force(true);
      }
      trouble = "";
    } catch (IOException e) {
      throw new StateException("%s: not writable (%s)".formatted(target, reason(e)), e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new StateException("%s: %s".formatted(directory, reason(e)), e);
    }
  }
}
