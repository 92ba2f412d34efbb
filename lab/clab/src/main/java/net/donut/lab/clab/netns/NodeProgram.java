package net.donut.lab.clab.netns;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.donut.lab.clab.run.LabRecord;

/// The program of a node among the children of its process 1. What a former program left behind,
/// such as the BFD speaker of an agent, is a child of process 1 too, and an older one.
public final class NodeProgram {
  private NodeProgram() {}

  /// Its number as this machine counts; empty when it has ended.
  ///
  /// @param first process 1 of the node, as this machine counts
  public static Optional<Long> of(LabRecord lab, LabRecord.Node node, long first) {
    Optional<Long> inside = new NodeFiles(lab.nodeDirectory(node.name())).program();
    return inside.flatMap(number ->
        ProcessHandle.of(first)
            .flatMap(init ->
                init.children()
                    .map(ProcessHandle::pid)
                    .filter(pid -> insideNumber(pid) == number)
                    .findFirst()));
  }

  /// The last of `NSpid`: the number in the innermost namespace; 0 for a process that has ended.
  private static long insideNumber(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("NSpid:"))
          .map(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1).strip()))
          .findFirst()
          .orElse(0L);
    } catch (IOException e) {
      // It has ended in between.
      return 0;
    }
  }
}
