package net.donut.netlink;

import static net.donut.netlink.TestNetwork.PROTOCOL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.donut.fixtures.NeedsKernel;
import net.donut.model.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@NeedsKernel
class TableQueryTest {
  /* Enough for a dump of many datagrams. */
  private static final int HOPS = 5000;

  @RegisterExtension final TestNetwork network = new TestNetwork();

  private static Request discard(int id) {
    return new Request.PutNextHop(
        new KernelNextHop.Blackhole(id, Family.IPV4, PROTOCOL), WriteMode.CREATE);
  }

  private static void fill(NetlinkSocket socket) {
    socket
        .executeAll(IntStream.rangeClosed(1, HOPS).mapToObj(TableQueryTest::discard).toList())
        .orThrow();
  }

  private static void allHops(MessageWriter writer) {
    RequestEncoder.nextHopHeader(writer, RtNetlink.AF_UNSPEC, 0, 0);
  }

  /// Collects the ids of a dump and does something when the first message arrives.
  private static class IdSink implements TableQuery.MessageSink {
    private final KernelDecoder decoder = new KernelDecoder();
    private final List<Integer> ids = new ArrayList<>();
    private final Runnable onFirst;
    private int messages;
    private int restarts;

    IdSink(Runnable onFirst) {
      this.onFirst = onFirst;
    }

    @Override
    public void message(MemorySegment memory, long offset, int length) {
      if (messages++ == 0) {
        onFirst.run();
      }
      ids.add(decoder.nextHopId(memory, offset, length));
    }

    @Override
    public void restart() {
      restarts++;
      ids.clear();
    }
  }

  @Test
  void a_dump_during_which_the_table_changed_is_taken_again() throws Exception {
    network.inside(socket -> {
      fill(socket);
      try (NetlinkSocket other = NetlinkSocket.open()) {
        IdSink sink = new IdSink(() -> other.execute(discard(HOPS + 1)).orThrow());

        new TableQuery(socket)
            .dump(RtNetlink.RTM_GETNEXTHOP, TableQueryTest::allHops, sink)
            .orThrow();

        assertThat(sink.restarts).isEqualTo(1);
        assertThat(sink.ids).isEqualTo(IntStream.rangeClosed(1, HOPS + 1).boxed().toList());
      }
    });
  }

  @Test
  void a_dump_broken_off_by_its_reader_does_not_disturb_the_next() throws Exception {
    network.inside(socket -> {
      fill(socket);
      TableQuery query = new TableQuery(socket);
      IdSink broken =
          new IdSink(() -> {
            throw new IllegalStateException("enough");
          });

      assertThatThrownBy(
              () -> query.dump(RtNetlink.RTM_GETNEXTHOP, TableQueryTest::allHops, broken))
          .hasMessage("enough");
      assertThat(socket.view().nextHops()).hasSize(HOPS);
    });
  }

  @Test
  void a_socket_can_be_closed_twice() throws Exception {
    network.inside(_ -> {
      NetlinkSocket socket = NetlinkSocket.open();
      socket.close();
      socket.close();

      assertThatThrownBy(() -> socket.view().links()).isInstanceOf(IllegalStateException.class);
    });
  }
}
