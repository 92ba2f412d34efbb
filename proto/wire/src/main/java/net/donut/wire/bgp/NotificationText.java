package net.donut.wire.bgp;

/// The names of NOTIFICATION codes.
final class NotificationText {
  private NotificationText() {}

  static String of(BgpMessage.Notification notification) {
    return notification.code() + "/" + notification.subcode();
  }
}
