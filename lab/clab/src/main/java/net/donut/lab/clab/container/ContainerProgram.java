package net.donut.lab.clab.container;

import java.util.Comparator;
import java.util.Optional;

/// The program of a container: its first process, or what that started where it is an init.
public final class ContainerProgram {
  private static final String INIT = "docker-init";

  private ContainerProgram() {}

  /// Its number as this machine counts; empty when it has ended.
  ///
  /// @param first the container's first process, as this machine counts
  public static Optional<Long> of(long first) {
    return ProcessHandle.of(first)
        .flatMap(process ->
            process.info().command().filter(command -> command.endsWith(INIT)).isPresent()
                ? process.children().min(Comparator.comparingLong(ProcessHandle::pid))
                : Optional.of(process))
        .map(ProcessHandle::pid);
  }
}
