package net.donut.bgp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// An UPDATE in pieces that need not fit together. Owned by one test.
final class UpdateParts {
  static final int ORIGIN = 1;
  static final int AS_PATH = 2;
  static final int NEXT_HOP = 3;
  static final int MED = 4;
  static final int LOCAL_PREF = 5;
  static final int ATOMIC_AGGREGATE = 6;
  static final int AGGREGATOR = 7;
  static final int COMMUNITIES = 8;
  static final int MP_REACH = 14;
  static final int MP_UNREACH = 15;
  static final int EXTENDED_COMMUNITIES = 16;
  static final int LARGE_COMMUNITIES = 32;
  static final int ONLY_TO_CUSTOMER = 35;

  static final int OPTIONAL = 0x80;
  static final int TRANSITIVE = 0x40;
  static final int PARTIAL = 0x20;
  static final int EXTENDED = 0x10;

  /// `excess` is by how much the length in the header is larger than the value.
  record Attribute(int flags, int type, byte[] value, int excess) {
    static Attribute of(int flags, int type, byte[] value) {
      return new Attribute(flags, type, value, 0);
    }

    Attribute withFlags(int other) {
      return new Attribute(other, type, value, excess);
    }

    Attribute withValue(byte[] other) {
      return new Attribute(flags, type, other, excess);
    }

    Attribute withExcess(int other) {
      return new Attribute(flags, type, value, other);
    }

    private void write(ByteBuf out) {
      int length = value.length + excess;
      boolean extended = (flags & EXTENDED) != 0 || length > 255;
      out.writeByte(extended ? flags | EXTENDED : flags).writeByte(type);
      if (extended) {
        out.writeShort(length);
      } else {
        out.writeByte(length);
      }
      out.writeBytes(value);
    }
  }

  final List<Attribute> attributes = new ArrayList<>();
  byte[] withdrawn = {};
  byte[] nlri;

  /// Bytes behind the last attribute that are none.
  byte[] rest = {};

  /// By how much the length fields are larger than what they count.
  int withdrawnExcess;

  int attributesExcess;

  UpdateParts(byte[] nlri) {
    this.nlri = nlri;
  }

  Attribute get(int type) {
    return attributes.stream().filter(each -> each.type() == type).findFirst().orElseThrow();
  }

  void remove(int type) {
    attributes.removeIf(each -> each.type() == type);
  }

  /// Replaces the attribute of the same type, or appends it.
  void put(Attribute attribute) {
    for (int i = 0; i < attributes.size(); i++) {
      if (attributes.get(i).type() == attribute.type()) {
        attributes.set(i, attribute);
        return;
      }
    }
    attributes.add(attribute);
  }

  /// Moves an attribute behind all others.
  void last(int type) {
    Attribute attribute = get(type);
    remove(type);
    attributes.add(attribute);
  }

  byte[] bytes() {
    ByteBuf body = Unpooled.buffer();
    body.writeShort(withdrawn.length + withdrawnExcess).writeBytes(withdrawn);
    int lengthAt = body.writerIndex();
    body.writeShort(0);
    attributes.forEach(attribute -> attribute.write(body));
    body.writeBytes(rest);
    body.setShort(lengthAt, body.writerIndex() - lengthAt - 2 + attributesExcess);
    body.writeBytes(nlri);
    ByteBuf message =
        Unpooled.buffer()
            .writeLong(-1)
            .writeLong(-1)
            .writeShort(19 + body.readableBytes())
            .writeByte(2)
            .writeBytes(body);
    byte[] bytes = new byte[message.readableBytes()];
    message.readBytes(bytes);
    return bytes;
  }
}
