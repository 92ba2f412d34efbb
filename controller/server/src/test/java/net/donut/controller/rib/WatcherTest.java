package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WatcherTest {

  @Test
  void a_slow_watcher_loses_the_oldest_and_is_told_how_many() throws InterruptedException {
    Watcher watcher = new Watcher();
    for (int i = 0; i < 5000; i++) {
      watcher.put(new OperatorEvent(i, "routes", "", "", "event " + i, i));
    }

    List<OperatorEvent> taken = new ArrayList<>();
    List<OperatorEvent> some = watcher.take(1);
    while (!some.isEmpty()) {
      taken.addAll(some);
      some = watcher.take(1);
    }

    List<OperatorEvent> notices = taken.stream().filter(e -> e.kind().equals("notice")).toList();
    assertThat(taken)
        .hasSizeLessThanOrEqualTo(1025)
        .last()
        .extracting(e -> e.text())
        .isEqualTo("event 4999");
    assertThat(notices)
        .singleElement()
        .extracting(OperatorEvent::text)
        .isEqualTo("lost " + (5000 - (taken.size() - 1)) + " events");
  }
}
