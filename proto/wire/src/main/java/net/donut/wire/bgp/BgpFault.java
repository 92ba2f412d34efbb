package net.donut.wire.bgp;

import java.io.Serial;

/// A message that ends the session: the NOTIFICATION to send is in it (RFC 4271 §6, RFC 7606 §3).
public final class BgpFault extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient BgpMessage.Notification notification;

  public BgpFault(BgpMessage.Notification notification, String message) {
    super(message, null, false, false);
    this.notification = notification;
  }

  public BgpMessage.Notification notification() {
    return notification;
  }
}
