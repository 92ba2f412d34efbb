package net.donut.agent.rib;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.donut.bgp.Outbound;
import net.donut.bgp.SessionInfo;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.table.AttributeTable;
import net.donut.model.table.PrefixTable;
import org.jspecify.annotations.Nullable;

/// The routes of one family that the controller wants announced to one session (RFC 4271 §3.2), and
/// how far the neighbor has been told. It outlives both the session and the controller's stream.
/// Owned by `agent-rib`.
final class AdjRibOut implements RouteSource {
  /// Prefixes of one piece; IPv4 prefixes of a piece fit one message of 4096 bytes.
  private static final int MOST_PREFIXES = 800;

  private final Family family;
  private SessionSettings settings;
  private final SessionColumn column;
  private final Pending pending;
  private final RouteSlots batch;
  private final BitSet unconfirmed = new BitSet();

  /// By slot, what this session cannot be told; each slot has a route in the column.
  private final Map<Integer, Withheld> withheld = new HashMap<>();

  /// What was withheld on this session and not withdrawn since.
  private final Set<Prefix> noted = new HashSet<>();

  private @Nullable IpAddress nextHop;
  private State state = State.DOWN;
  private Marker marker = Marker.NONE;

  private enum State {
    DOWN,
    UP,
    /// Established, but the neighbor gave no address for routes of this family.
    NO_NEXT_HOP
  }

  /// What is to be sent when all that waits now has been sent.
  private enum Marker {
    NONE,
    END_OF_RIB,
    BEGIN_REFRESH,
    END_REFRESH
  }

  AdjRibOut(SessionColumn column, SessionSettings settings) {
    this.family = column.prefixes().family();
    this.settings = settings;
    this.column = column;
    this.pending = new Pending(column);
    this.batch = new RouteSlots(column.prefixes(), SessionOutbox.TURN - 2);
  }

  @Override
  public SessionColumn column() {
    return column;
  }

  @Override
  public int voids() {
    return 0;
  }

  /// What is here is all there is to list.
  @Override
  public Snapshot snapshot() {
    return Snapshot.COMPLETE;
  }

  void settings(SessionSettings value) {
    settings = value;
  }

  /// How many routes the neighbor is announced.
  int announced() {
    return state == State.UP ? column.size() - withheld.size() : 0;
  }

  /// Routes that wait for the neighbor to read.
  int waiting() {
    return state == State.UP ? pending.size() : 0;
  }

  /// The whole table is owed to a new session. Returns whether its routes can be announced.
  boolean established(SessionInfo info) {
    nextHop = nextHopOn(info);
    state = nextHop == null ? State.NO_NEXT_HOP : State.UP;
    column.removeReader(pending);
    column.addReader(pending);
    pending.restart();
    marker = Marker.END_OF_RIB;
    withheld.clear();
    noted.clear();
    return nextHop != null;
  }

  /// Announces everything again where other settings of the session ask for another next hop.
  void nextHopChanged(SessionInfo info) {
    IpAddress now = nextHopOn(info);
    if (now != null && !now.equals(nextHop)) {
      nextHop = now;
      state = State.UP;
      pending.restart();
    }
  }

  private @Nullable IpAddress nextHopOn(SessionInfo info) {
    IpAddress configured = settings.nextHop(family);
    if (configured != null) {
      return configured;
    }
    IpAddress local = info.localAddress();
    boolean fits =
        local.family() == family
            || (family == Family.IPV4
                && info.features().contains(SessionInfo.Feature.EXTENDED_NEXT_HOP));
    return fits ? local : null;
  }

  void down() {
    state = State.DOWN;
    marker = Marker.NONE;
    withheld.clear();
    noted.clear();
    column.removeReader(pending);
  }

  /// The neighbor asked for everything again (RFC 2918, RFC 7313).
  void refresh() {
    if (state == State.UP && marker != Marker.END_OF_RIB) {
      marker = Marker.BEGIN_REFRESH;
    }
  }

  void announce(Prefixes prefixes, PathAttributes attributes) {
    AttributeTable sets = column.attributes();
    CountedPrefixes table = column.prefixes();
    int id = sets.intern(attributes);
    for (int i = 0; i < prefixes.size(); i++) {
      int slot = table.retain(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      if (column.put(slot, sets.retain(id))) {
        withheld.remove(slot);
      }
      unconfirmed.clear(slot);
      table.release(slot);
    }
    sets.release(id);
  }

  void withdraw(Prefixes prefixes) {
    for (int i = 0; i < prefixes.size(); i++) {
      int slot = column.prefixes().find(prefixes.high(i), prefixes.low(i), prefixes.length(i));
      if (slot != PrefixTable.NONE) {
        unconfirmed.clear(slot);
        remove(slot);
      }
    }
  }

  /// A full content begins: what it does not repeat goes at [#sweep].
  void begin() {
    unconfirmed.clear();
    for (int slot = 0; slot < column.capacity(); slot++) {
      if (column.id(slot) != AttributeTable.NONE) {
        unconfirmed.set(slot);
      }
    }
  }

  void sweep() {
    for (int slot = unconfirmed.nextSetBit(0); slot >= 0; slot = unconfirmed.nextSetBit(slot + 1)) {
      remove(slot);
    }
    unconfirmed.clear();
  }

  private void remove(int slot) {
    Withheld known = withheld.remove(slot);
    if (known != null) {
      noted.remove(known.prefix());
    }
    column.remove(slot);
  }

  /// Routes of which the session found that it cannot tell them. Returns those it did not say so of
  /// before. A route that has changed meanwhile is on its way again.
  List<Withheld> tooLong(RibEvent.TooLong event) {
    List<Withheld> fresh = new ArrayList<>();
    IpAddress address = nextHop;
    if (address == null) {
      return fresh;
    }
    for (Prefix prefix : event.prefixes()) {
      int slot = column.prefixes().find(prefix);
      int id = slot == PrefixTable.NONE ? AttributeTable.NONE : column.id(slot);
      if (id != AttributeTable.NONE && withNextHop(id, address).equals(event.attributes())) {
        Withheld one = new Withheld(prefix, event.bytes(), event.limit());
        withheld.put(slot, one);
        if (noted.add(prefix)) {
          fresh.add(one);
        }
      }
    }
    return fresh;
  }

  /// What the neighbor is not told, in the order of prefixes.
  List<Withheld> withheld() {
    return withheld.values().stream().sorted(Comparator.comparing(Withheld::prefix)).toList();
  }

  /// Hands pieces to the session while it has room. `content` says whether the controller has given
  /// its full content once. Returns whether there is more.
  boolean fill(SessionOutbox outbox, Snapshot content) {
    IpAddress address = nextHop;
    if (state != State.UP || address == null) {
      return fillNothing(outbox, content);
    }
    while (outbox.hasRoom()) {
      if (!fillTurn(outbox, content, address)) {
        return false;
      }
    }
    return true;
  }

  /// Nothing can be announced, which the neighbor may know.
  private boolean fillNothing(SessionOutbox outbox, Snapshot content) {
    if (state == State.NO_NEXT_HOP
        && marker == Marker.END_OF_RIB
        && content == Snapshot.COMPLETE
        && outbox.hasRoom()) {
      outbox.add(new Outbound.EndOfRib(family));
      marker = Marker.NONE;
    }
    return false;
  }

  private boolean fillTurn(SessionOutbox outbox, Snapshot content, IpAddress address) {
    if (marker == Marker.BEGIN_REFRESH) {
      outbox.add(new Outbound.BeginRefresh(family));
      pending.restart();
      marker = Marker.END_REFRESH;
    }
    boolean markable =
        marker == Marker.END_REFRESH
            || (marker == Marker.END_OF_RIB && content == Snapshot.COMPLETE);
    if (markable && !pending.isMarked()) {
      pending.mark();
    }
    boolean told = tell(outbox, address);
    if (markable && pending.isMarkPassed()) {
      outbox.add(
          marker == Marker.END_REFRESH
              ? new Outbound.EndRefresh(family)
              : new Outbound.EndOfRib(family));
      pending.unmark();
      marker = Marker.NONE;
    }
    return told;
  }

  /// At most TURN - 2 pieces, so that the markers of a turn fit as well.
  private boolean tell(SessionOutbox outbox, IpAddress address) {
    pending.takeWithdrawals(batch);
    if (batch.isEmpty()) {
      pending.takeRoutes(batch);
    }
    if (batch.isEmpty()) {
      return false;
    }
    batch.group();
    for (int from = 0; from < batch.size(); ) {
      int to = batch.groupEnd(from, MOST_PREFIXES);
      Prefixes prefixes = batch.prefixes(from, to);
      int id = batch.id(from);
      outbox.add(
          id == AttributeTable.NONE
              ? new Outbound.Withdraw(prefixes)
              : new Outbound.Announce(prefixes, withNextHop(id, address)));
      from = to;
    }
    batch.clear();
    return true;
  }

  private PathAttributes withNextHop(int id, IpAddress address) {
    return column.attributes().get(id).toBuilder().nextHop(address).build();
  }

  /// What the neighbor sees as next hop now, or null when nothing is announced.
  @Nullable IpAddress nextHop() {
    return nextHop;
  }

  void clear() {
    withheld.clear();
    noted.clear();
    column.clear();
    unconfirmed.clear();
  }
}
