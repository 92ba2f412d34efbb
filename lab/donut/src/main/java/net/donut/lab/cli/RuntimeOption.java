package net.donut.lab.cli;

import java.util.Arrays;
import net.donut.lab.clab.model.RuntimeKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// `--runtime`.
final class RuntimeOption {
  @Option(
      names = "--runtime",
      paramLabel = "KIND",
      defaultValue = "netns",
      converter = Word.class,
      description =
          "netns: namespaces and this machine's programs (default); docker: containers, with"
              + " donut-lab for images that cannot be had.")
  private RuntimeKind kind = RuntimeKind.NETNS;

  RuntimeKind kind() {
    return kind;
  }

  /// A kind by its word.
  static final class Word implements ITypeConverter<RuntimeKind> {
    @Override
    public RuntimeKind convert(String word) {
      return Arrays.stream(RuntimeKind.values())
          .filter(kind -> kind.word().equals(word))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + word + "' (expected: netns or docker)"));
    }
  }
}
