package net.donut.netlink;

import java.io.Serial;

/// A kernel call of this module that did not work: a socket that could not be opened, a dump the
/// kernel broke off, a namespace that does not exist. A refused entry of a batch is not an
/// exception but a [NetlinkError].
public final class NetlinkException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int errno;

  public NetlinkException(String message) {
    this(message, 0);
  }

  public NetlinkException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  /// `operation: EPERM (errno 1)`.
  static NetlinkException ofCall(String operation, int errno) {
    return new NetlinkException(operation + ": " + Errno.describe(errno), errno);
  }

  /// The kernel's error number, 0 when there is none.
  public int errno() {
    return errno;
  }
}
