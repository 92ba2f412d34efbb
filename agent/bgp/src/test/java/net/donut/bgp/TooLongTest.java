package net.donut.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.donut.bgp.BgpNeighborConfig.Connect;
import net.donut.model.AsPath;
import net.donut.model.Communities;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A route with 1,100 communities towards a neighbor without extended messages (RFC 8654 §4).
class TooLongTest {
  private final Queue<Outbound> toSend = new ConcurrentLinkedQueue<>();
  private final LinkedBlockingQueue<String> tooLong = new LinkedBlockingQueue<>();

  private final OutboundSource source =
      new OutboundSource() {
        @Override
        public @Nullable Outbound next(String neighbor, long session) {
          return toSend.poll();
        }

        @Override
        public void tooLong(
            String neighbor, long session, Outbound.Announce announce, int bytes, int limit) {
          tooLong.add(
              "%s %d %s %d/%d"
                  .formatted(neighbor, session, announce.prefixes().get(0), bytes, limit));
        }
      };

  @Test
  void the_source_hears_which_route_is_too_long_and_by_how_much() throws InterruptedException {
    int[] communities = new int[1_100];
    for (int i = 0; i < communities.length; i++) {
      communities[i] = 64_700 << 16 | i;
    }
    PathAttributes attributes =
        PathAttributes.of(Origin.IGP, AsPath.of(64500, 64700), IpAddress.parse("10.64.0.1"))
            .toBuilder()
            .communities(Communities.of(communities))
            .build();
    toSend.add(new Outbound.Announce(Prefixes.of(Prefix.parse("203.0.113.0/24")), attributes));

    try (TestSpeaker node = TestSpeaker.listening("long", "127.41.31.1", new Recorder(), source)) {
      node.configure(
          BgpNeighborConfig.builder("n", IpAddress.parse("127.41.31.2"))
              .localAs(64500)
              .remoteAs(RawNeighbor.AS)
              .routerId(IpAddress.parse("10.64.0.1"))
              .connect(Connect.PASSIVE));
      try (RawNeighbor neighbor =
          new RawNeighbor("127.41.31.2", "127.41.31.1", node.port()).establish(90)) {
        assertThat(tooLong.poll(20, TimeUnit.SECONDS)).isEqualTo("n 1 203.0.113.0/24 4455/4096");
        assertThat(node.snapshot("n").unsendable()).isOne();
        assertThat(neighbor.pollNotification()).isNull();
      }
    }
  }
}
