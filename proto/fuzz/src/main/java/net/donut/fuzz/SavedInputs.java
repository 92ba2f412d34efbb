package net.donut.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The inputs kept beside a fuzz test, where Jazzer puts what it finds: the test resources in
/// `<class>Inputs/<method>` of the class's package.
public final class SavedInputs {
  private SavedInputs() {}

  /// The inputs of a fuzz test, by the name of their files. Throws IllegalStateException when there
  /// are none: then Jazzer would not keep its findings either.
  public static List<byte[]> of(Class<?> fuzz, String method) {
    String name = fuzz.getSimpleName() + "Inputs/" + method;
    URL directory = fuzz.getResource(name);
    if (directory == null) {
      throw new IllegalStateException("test resources " + name + ": none (expected: 1 or more)");
    }
    List<byte[]> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
    return inputs;
  }
}
