package net.donut.wire.bgp;

/// Makes the [BgpFault] of each kind of message, with the NOTIFICATION code that goes with it.
final class MessageFaults {
  static final int CONNECTION_NOT_SYNCHRONIZED = 1;
  static final int BAD_MESSAGE_LENGTH = 2;
  static final int BAD_MESSAGE_TYPE = 3;

  static final int OPEN_UNSPECIFIC = 0;
  static final int UNSUPPORTED_VERSION = 1;
  static final int BAD_PEER_AS = 2;
  static final int BAD_BGP_IDENTIFIER = 3;
  static final int UNSUPPORTED_OPTIONAL_PARAMETER = 4;
  static final int UNACCEPTABLE_HOLD_TIME = 6;

  static final int MALFORMED_ATTRIBUTE_LIST = 1;
  static final int UNRECOGNIZED_WELL_KNOWN = 2;
  static final int MISSING_WELL_KNOWN = 3;
  static final int ATTRIBUTE_FLAGS = 4;
  static final int ATTRIBUTE_LENGTH = 5;
  static final int INVALID_ORIGIN = 6;
  static final int INVALID_NEXT_HOP = 8;
  static final int OPTIONAL_ATTRIBUTE = 9;
  static final int INVALID_NETWORK_FIELD = 10;
  static final int MALFORMED_AS_PATH = 11;

  static final byte[] NO_DATA = {};

  private MessageFaults() {}

  /// RFC 4271 §6.1.
  static BgpFault header(int subcode, byte[] data, String message) {
    return fault(1, subcode, data, message);
  }

  /// RFC 4271 §6.2.
  static BgpFault open(int subcode, byte[] data, String message) {
    return fault(2, subcode, data, message);
  }

  /// RFC 4271 §6.3.
  static BgpFault update(int subcode, byte[] data, String message) {
    return fault(3, subcode, data, message);
  }

  /// RFC 7313 §5.
  static BgpFault routeRefresh(int subcode, byte[] data, String message) {
    return fault(7, subcode, data, message);
  }

  private static BgpFault fault(int code, int subcode, byte[] data, String message) {
    return new BgpFault(new BgpMessage.Notification(code, subcode, data), message);
  }
}
