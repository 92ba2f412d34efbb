package net.donut.agent.gribi;

import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_ACK;
import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK;
import static net.donut.agent.gribi.AftOperations.delete;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static org.assertj.core.api.Assertions.assertThat;

import gribi.Gribi.AFTOperation;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The public compliance suite's cases, with forward references refused and with them queued.
@NeedsKernel
class GribiConformanceTest {

  @Nested
  class ForwardReferencesRejected extends GribiConformanceCases {
    ForwardReferencesRejected() {
      super(ForwardReferences.REJECT);
    }

    @Test
    void case_76_group_to_missing_next_hop() {
      assertThat(primary(RIB_AND_FIB_ACK).run(group(1, 1))).isEqualTo("FAILED");
    }

    @Test
    void case_78_missing_group() {
      assertThat(primary(RIB_AND_FIB_ACK).run(nextHop(1, "192.0.2.3"), ipv4("1.0.0.0/8", 1)))
          .isEqualTo("FIB_PROGRAMMED FAILED");
    }

    @Test
    void case_79_empty_group() {
      assertThat(
              primary(RIB_AND_FIB_ACK).run(nextHop(1, "192.0.2.3"), group(1), ipv4("1.0.0.0/8", 1)))
          .isEqualTo("FIB_PROGRAMMED FAILED FAILED");
    }
  }

  @Nested
  class ForwardReferencesQueued extends GribiConformanceCases {
    ForwardReferencesQueued() {
      super(ForwardReferences.QUEUE);
    }

    @Test
    void case_12_entries_in_any_order() {
      GribiClient client = primary(RIB_ACK);
      List<AFTOperation.Builder> operations =
          Arrays.asList(nextHop(1), group(42, 1), ipv4("1.1.1.1/32", 42));

      for (int seed = 0; seed < 6; seed++) {
        Collections.shuffle(operations, new Random(seed));
        assertThat(client.run(operations.toArray(AFTOperation.Builder[]::new)))
            .as("seed %d", seed)
            .isEqualTo(words(RIB_ACK, 3));
        client.run(delete(ipv4("1.1.1.1/32", 42)), delete(group(42)), delete(nextHop(1)));
      }
    }

    @Test
    void a_waiting_operation_fails_when_a_later_one_changes_the_same_entry() {
      GribiClient client = primary(RIB_ACK);
      long waiting = client.operate(ipv4("1.1.1.1/32", 42));

      assertThat(client.run(delete(ipv4("1.1.1.1/32", 42)))).isEqualTo("RIB_PROGRAMMED");

      assertThat(client.awaitResult(waiting).getStatus().name()).isEqualTo("FAILED");
      assertThat(client.run(nextHop(1), group(42, 1))).isEqualTo("RIB_PROGRAMMED RIB_PROGRAMMED");
      Eventually.until("both results", () -> client.resultCount() == 4);
    }
  }
}
