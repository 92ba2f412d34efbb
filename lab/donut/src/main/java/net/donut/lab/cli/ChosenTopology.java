package net.donut.lab.cli;

import java.nio.file.Path;
import net.donut.lab.clab.model.RuntimeKind;
import net.donut.lab.clab.parse.TopologyReader;
import net.donut.lab.clab.parse.TopologyReader.Unsupported;
import net.donut.lab.clab.plan.Images;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `deploy` and `validate` are told alike about a topology: what one of them refuses, the
/// other refuses too.
final class ChosenTopology {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The lab's name, instead of that in the file.")
  private String name = "";

  @Mixin private VariablesOption variables = new VariablesOption();

  @Mixin private RuntimeOption backend = new RuntimeOption();

  @Option(
      names = "--skip-unsupported-nodes",
      description = {
        "Leave out nodes that cannot run here (their kind, their image, a file of theirs that is"
            + " missing), with their links."
      })
  private boolean skipUnsupported;

  @Option(
      names = "--images",
      paramLabel = "FILE",
      description = "A list of {image: PATTERN, profile: WORD} in front of what is known.")
  private @Nullable Path images;

  String name() {
    return name;
  }

  RuntimeKind runtime() {
    return backend.kind();
  }

  Unsupported unsupported() {
    return skipUnsupported ? Unsupported.SKIP : Unsupported.REFUSE;
  }

  TopologyReader.Purpose purpose() {
    return new TopologyReader.Purpose(name, backend.kind(), unsupported(), variables.files());
  }

  /// Throws LabException for a file of `--images` that is none.
  Images images() {
    Images known = Images.known();
    return images == null ? known : known.behind(images);
  }
}
