package net.donut.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why a file could not be read or written, as a sentence with its name: not the name of an
/// exception, and not an errno.
public final class FileFailure {
  private FileFailure() {}

  private record Case(String contains, String text) {}

  /// What the C library says, and what to do about it.
  private static final List<Case> CASES =
      List.of(
          new Case("no space left", "the disk is full"),
          new Case("disk quota exceeded", "the disk quota is used up"),
          new Case("read-only file system", "the file system is read-only"),
          new Case("permission denied", "permission denied"),
          new Case("operation not permitted", "permission denied"),
          new Case("no such file", "no such file or directory"),
          new Case("not a directory", "not a directory"),
          new Case("is a directory", "is a directory (expected: a file)"),
          new Case("too many open files", "this process has too many files open (ulimit -n)"),
          new Case("file name too long", "the name is too long"),
          new Case("too many levels of symbolic links", "a symbolic link leads to itself"),
          new Case("address already in use", "another process already listens there"),
          new Case("broken pipe", "nobody reads the output any longer"),
          new Case("input/output error", "the disk reports an input/output error"));

  /// With its name: `/etc/donut/policy.yaml: no such file or directory`.
  public static String text(IOException failure) {
    return failure instanceof FileSystemException known && known.getFile() != null
        ? known.getFile() + ": " + reason(known)
        : reason(failure);
  }

  /// Without its name, for a line that has it already: `no such file or directory`.
  public static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException _ -> "no such file or directory";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "exists already";
      case NotDirectoryException _ -> "not a directory";
      case DirectoryNotEmptyException _ -> "the directory is not empty";
      case CharacterCodingException _ -> "not UTF-8 text";
      case FileSystemException known -> words(known.getReason());
      case FileNotFoundException known -> withWords(String.valueOf(known.getMessage()));
      default -> withWords(String.valueOf(failure.getMessage()));
    };
  }

  private static String words(@Nullable String reason) {
    String lower = String.valueOf(reason).toLowerCase(Locale.ROOT);
    return CASES.stream()
        .filter(known -> lower.contains(known.contains()))
        .map(Case::text)
        .findFirst()
        .orElse(reason == null ? "input or output failed" : reason);
  }

  /// As `java.io` says it: `FILE (No such file or directory)`.
  private static String withWords(String message) {
    int open = message.lastIndexOf(" (");
    return open > 0 && message.endsWith(")")
        ? message.substring(0, open)
            + ": "
            + words(message.substring(open + 2, message.length() - 1))
        : words(message);
  }
}
