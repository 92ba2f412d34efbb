package net.donut.lab.probe;

import java.time.Duration;

/// What a player has received and not yet played: a pure model, to which time is given.
///
/// Every packet brings the same time of media. Playing begins, and begins again after a stall, when
/// there is enough; it stalls when nothing is left. Owned by the thread that feeds it.
public final class PlayoutBuffer {
  /// How a player goes about it.
  ///
  /// @param start media to have before playing begins, and after each stall
  /// @param room most that it holds: what comes beyond is not kept
  /// @param haste how much faster than it is played a stream is sent
  public record Player(Duration start, Duration room, double haste) {
    /// Of a live stream.
    public static final Player LIVE =
        new Player(Duration.ofSeconds(1), Duration.ofSeconds(2), 1.25);
  }

  /// What a viewer saw.
  ///
  /// @param startup from asking for the first packet to the first picture; zero when there was none
  /// @param rebuffering time in stalls
  public record Playback(Duration startup, int stalls, Duration rebuffering) {}

  private final Player player;
  private final long packetNanos;
  private final long begun;
  private long now;
  private long held;
  private boolean isPlaying;
  private long startup;
  private int stalls;
  private long stalledSince;
  private long rebuffering;

  /// A player that asks at a time for packets of a rate.
  public PlayoutBuffer(Player player, int packetsPerSecond, long nanos) {
    this.player = player;
    this.packetNanos = Math.round(player.haste() * 1e9 / packetsPerSecond);
    this.begun = nanos;
    this.now = nanos;
  }

  /// A packet comes, not before the one that came last.
  public void came(long nanos) {
    play(nanos);
    held = Math.min(player.room().toNanos(), held + packetNanos);
    if (isPlaying || held < player.start().toNanos()) {
      return;
    }
    isPlaying = true;
    if (startup == 0) {
      startup = nanos - begun;
    } else {
      rebuffering += nanos - stalledSince;
    }
  }

  private void play(long nanos) {
    long passed = nanos - now;
    now = nanos;
    if (!isPlaying) {
      return;
    }
    held -= passed;
    if (held < 0) {
      stalledSince = nanos + held;
      held = 0;
      isPlaying = false;
      stalls++;
    }
  }

  /// The viewer goes.
  public Playback end(long nanos) {
    play(nanos);
    long open = startup > 0 && !isPlaying ? nanos - stalledSince : 0;
    return new Playback(Duration.ofNanos(startup), stalls, Duration.ofNanos(rebuffering + open));
  }
}
