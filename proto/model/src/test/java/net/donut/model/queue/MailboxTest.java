package net.donut.model.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class MailboxTest {

  @Test
  void a_full_mailbox_says_no_to_an_offer() {
    Mailbox<Integer> mailbox = new Mailbox<>(2);

    assertThat(mailbox.offer(1)).isTrue();
    assertThat(mailbox.offer(2)).isTrue();
    assertThat(mailbox.offer(3)).isFalse();
    assertThat(mailbox.depth()).isEqualTo(2);
  }

  @Test
  void the_order_of_each_producer_is_kept_and_nothing_is_lost() throws InterruptedException {
    Mailbox<int[]> mailbox = new Mailbox<>(7);
    int producers = 4;
    int each = 5_000;
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < producers; p++) {
      int producer = p;
      threads.add(Thread.ofPlatform().start(() -> produce(mailbox, producer, each)));
    }

    int[] next = new int[producers];
    int received = 0;
    while (received < producers * each) {
      mailbox.awaitMillis(100);
      received += mailbox.drain(message -> assertThat(message[1]).isEqualTo(next[message[0]]++), 5);
    }

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(next).containsOnly(each);
    assertThat(mailbox.deepest()).isBetween(1, 7);
  }

  private static void produce(Mailbox<int[]> mailbox, int producer, int count) {
    try {
      for (int i = 0; i < count; i++) {
        mailbox.put(new int[] {producer, i});
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void the_owner_is_woken_once_for_each_time_the_mailbox_stops_being_empty() {
    AtomicInteger woken = new AtomicInteger();
    Mailbox<Integer> mailbox = new Mailbox<>(8, woken::incrementAndGet);

    mailbox.offer(1);
    mailbox.offer(2);
    mailbox.drain(message -> {}, 8);
    mailbox.offer(3);

    assertThat(woken).hasValue(2);
  }

  @Test
  void closing_frees_a_waiting_producer_and_keeps_what_is_in() throws InterruptedException {
    Mailbox<Integer> mailbox = new Mailbox<>(1);
    mailbox.put(1);
    List<Boolean> added = Collections.synchronizedList(new ArrayList<>());
    Thread producer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                added.add(mailbox.put(2));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    mailbox.close();
    producer.join();

    List<Integer> left = new ArrayList<>();
    mailbox.drain(left::add, 10);
    assertThat(added).containsExactly(false);
    assertThat(left).containsExactly(1);
  }
}
