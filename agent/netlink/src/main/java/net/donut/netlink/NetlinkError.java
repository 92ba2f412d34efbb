package net.donut.netlink;

/// A refusal by the kernel.
///
/// @param operation the message type, such as `RTM_NEWROUTE`
/// @param object what it was about, such as `10.0.0.0/24`
/// @param text the kernel's explanation (extended ack); empty when it gave none
public record NetlinkError(int errno, String operation, String object, String text) {

  /// `netlink RTM_NEWROUTE 10.0.0.0/24: EEXIST (errno 17): <text>`.
  public String message() {
    return "netlink "
        + operation
        + (object.isEmpty() ? "" : " " + object)
        + ": "
        + Errno.describe(errno)
        + (text.isEmpty() ? "" : ": " + text);
  }

  NetlinkException toException() {
    return new NetlinkException(message(), errno);
  }

  @Override
  public String toString() {
    return message();
  }
}
