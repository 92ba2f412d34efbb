package net.donut.model.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OwnerTest {

  @Test
  void another_thread_is_caught() throws InterruptedException {
    Owner owner = new Owner("rib-0");
    owner.claim();
    List<Throwable> caught = Collections.synchronizedList(new ArrayList<>());

    Thread stranger =
        Thread.ofPlatform()
            .start(() -> {
              try {
                owner.check();
              } catch (AssertionError e) {
                caught.add(e);
              }
            });
    stranger.join();

    assertThat(caught).hasSize(1);
    assertThat(caught.getFirst()).hasMessageContaining("rib-0");
  }

  @Test
  void a_released_owner_may_be_claimed_by_another_thread() throws InterruptedException {
    Owner owner = new Owner("rib-0");
    owner.claim();
    owner.release();

    Thread next = Thread.ofPlatform().start(owner::claim);
    next.join();

    assertThatThrownBy(owner::claim).hasMessageContaining("rib-0: claimed by");
  }
}
