package net.donut.wire.mrt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The peers of the last PEER_INDEX_TABLE of a dump: whom the entries of a table come from (RFC
/// 6396 §4.3.1). Used by one thread at a time.
public final class MrtPeers {
  private List<MrtRecord.Peer> peers = List.of();
  private boolean seen;

  /// Takes the table that the next entries count in.
  public void take(MrtRecord.PeerIndex index) {
    peers = index.peers();
    seen = true;
  }

  /// Whom an entry comes from; null where the dump does not say, see [#missing].
  public MrtRecord.@Nullable Peer of(MrtRecord.RibEntry entry) {
    return entry.peerIndex() < peers.size() ? peers.get(entry.peerIndex()) : null;
  }

  /// Says which peer the dump lacks.
  public String missing(MrtRecord.RibEntry entry) {
    if (!seen) {
      return "peer index: %d, and no PEER_INDEX_TABLE before it (expected: one at the begin)"
          .formatted(entry.peerIndex());
    }
    return peers.isEmpty()
        ? "peer index: %d (expected: none, the PEER_INDEX_TABLE is empty)"
            .formatted(entry.peerIndex())
        : "peer index: %d (expected: 0..%d, as in the PEER_INDEX_TABLE)"
            .formatted(entry.peerIndex(), peers.size() - 1);
  }
}
