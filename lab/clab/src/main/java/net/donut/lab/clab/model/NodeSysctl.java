package net.donut.lab.clab.model;

import java.util.Set;

/// A setting of the kernel, of a node.
public record NodeSysctl(String key, String value) {
  private static final Set<String> OF_IPC =
      Set.of(
          "kernel/msgmax",
          "kernel/msgmnb",
          "kernel/msgmni",
          "kernel/sem",
          "kernel/shmall",
          "kernel/shmmax",
          "kernel/shmmni",
          "kernel/shm_rmid_forced");

  /// Below `/proc/sys`.
  public String path() {
    return key.contains("/") ? key : key.replace('.', '/');
  }

  /// Whether it belongs to a network.
  public boolean isOfNetwork() {
    return path().startsWith("net/");
  }

  /// Whether every node has it for itself; others are those of the whole machine.
  public boolean isOfNode() {
    return isOfNetwork() || path().startsWith("fs/mqueue/") || OF_IPC.contains(path());
  }
}
