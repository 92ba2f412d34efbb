package net.donut.simulate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;

/// Writes tables as MRT (RFC 6396, RFC 8050), with 4-octet AS numbers but in TABLE_DUMP.
final class MrtWriter {
  enum Form {
    TABLE_DUMP,
    TABLE_DUMP_V2,
    ADD_PATH
  }

  /// One route of a prefix; `peer` counts from 0.
  record Entry(int peer, int pathId, PathAttributes attributes) {}

  private static final int SECONDS = 1_700_000_000;

  private final OutputStream out;
  private final Form form;
  private final List<MrtPeer> peers;
  private int sequence;

  MrtWriter(OutputStream out, Form form, List<MrtPeer> peers) throws IOException {
    this.out = out;
    this.form = form;
    this.peers = peers;
    if (form != Form.TABLE_DUMP) {
      index();
    }
  }

  private void index() throws IOException {
    ByteBuf body = Unpooled.buffer();
    body.writeInt(0x0a000001).writeShort(0).writeShort(peers.size());
    for (MrtPeer peer : peers) {
      IpAddress routerId = peer.routerId();
      body.writeByte(2).writeInt(routerId == null ? 0 : routerId.ipv4());
      body.writeInt(peer.address().ipv4()).writeInt((int) peer.asn());
    }
    record(13, 1, body);
  }

  /// All routes of an IPv4 prefix.
  void write(Prefix prefix, List<Entry> entries) throws IOException {
    if (form == Form.TABLE_DUMP) {
      for (Entry entry : entries) {
        writeOld(prefix, entry);
      }
      return;
    }
    ByteBuf body = Unpooled.buffer();
    body.writeInt(sequence++).writeByte(prefix.length());
    body.writeBytes(prefix.address().bytes(), 0, (prefix.length() + 7) / 8);
    body.writeShort(entries.size());
    for (Entry entry : entries) {
      body.writeShort(entry.peer()).writeInt(SECONDS);
      if (form == Form.ADD_PATH) {
        body.writeInt(entry.pathId());
      }
      ByteBuf attributes = attributes(entry.attributes(), 4);
      body.writeShort(attributes.readableBytes()).writeBytes(attributes);
    }
    record(13, form == Form.ADD_PATH ? 8 : 2, body);
  }

  private void writeOld(Prefix prefix, Entry entry) throws IOException {
    MrtPeer peer = peers.get(entry.peer());
    ByteBuf body = Unpooled.buffer();
    body.writeShort(0).writeShort(sequence++ & 0xffff);
    body.writeInt(prefix.address().ipv4()).writeByte(prefix.length()).writeByte(1);
    body.writeInt(SECONDS).writeInt(peer.address().ipv4()).writeShort((int) peer.asn());
    ByteBuf attributes = attributes(entry.attributes(), 2);
    body.writeShort(attributes.readableBytes()).writeBytes(attributes);
    record(12, 1, body);
  }

  @SuppressWarnings("EnumOrdinal")
  private static ByteBuf attributes(PathAttributes attributes, int asnBytes) {
    ByteBuf body = Unpooled.buffer();
    body.writeInt(0x40010100 | attributes.origin().ordinal());
    ByteBuf path = Unpooled.buffer();
    for (AsPath.Segment segment : attributes.asPath().segments()) {
      path.writeByte(segment.type().code()).writeByte(segment.asns().length);
      for (int asn : segment.asns()) {
        if (asnBytes == 4) {
          path.writeInt(asn);
        } else {
          path.writeShort(asn);
        }
      }
    }
    body.writeShort(0x5002).writeShort(path.readableBytes()).writeBytes(path);
    body.writeByte(0x40).writeShort(0x0304).writeInt(attributes.nextHop().ipv4());
    if (attributes.med() >= 0) {
      body.writeByte(0x80).writeShort(0x0404).writeInt((int) attributes.med());
    }
    if (attributes.localPref() >= 0) {
      body.writeByte(0x40).writeShort(0x0504).writeInt((int) attributes.localPref());
    }
    return body;
  }

  private void record(int type, int subtype, ByteBuf body) throws IOException {
    ByteBuf head = Unpooled.buffer(12);
    head.writeInt(SECONDS).writeShort(type).writeShort(subtype).writeInt(body.readableBytes());
    head.readBytes(out, 12);
    body.readBytes(out, body.readableBytes());
  }
}
