package net.donut.controller.southbound;

import java.util.Arrays;

/// A first-in first-out queue of numbers without objects; grows by doubling.
final class IntQueue {
  private int[] ring = new int[16];
  private int head;
  private int size;

  void add(int value) {
    if (size == ring.length) {
      int[] larger = Arrays.copyOf(ring, size * 2);
      System.arraycopy(ring, head, larger, 0, size - head);
      System.arraycopy(ring, 0, larger, size - head, head);
      ring = larger;
      head = 0;
    }
    ring[(head + size) & (ring.length - 1)] = value;
    size++;
  }

  int peek() {
    if (size == 0) {
      throw new IllegalStateException("queue: empty (expected: at least one)");
    }
    return ring[head];
  }

  int remove() {
    int value = peek();
    head = (head + 1) & (ring.length - 1);
    size--;
    return value;
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    head = 0;
    size = 0;
  }
}
