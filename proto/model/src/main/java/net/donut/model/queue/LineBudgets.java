package net.donut.model.queue;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How many lines a second neighbors and clients may make a program log: four of a kind, and one
/// that says how many more there were. Usable from any thread.
///
/// A second begins with the first line of a kind; what comes in it after the fourth is counted, and
/// told when it is over. Kinds are few, or one per neighbor; when there are too many of them, the
/// further ones share a budget.
public final class LineBudgets {
  /// With the line that counts the rest these are five.
  static final int LINES = 4;

  private static final int MOST_KINDS = 1024;
  private static final String OTHERS = "other lines";
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Logs that there were `more` lines of a kind.
  @FunctionalInterface
  public interface Rest {
    void tell(String kind, long more);
  }

  private final Rest rest;
  private final LongSupplier nanos;
  private final Executor afterASecond;
  private final Map<String, Budget> budgets = new ConcurrentHashMap<>();

  public LineBudgets(Rest rest) {
    this(rest, System::nanoTime, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
  }

  LineBudgets(Rest rest, LongSupplier nanos, Executor afterASecond) {
    this.rest = rest;
    this.nanos = nanos;
    this.afterASecond = afterASecond;
  }

  /// Whether a line of that kind may be logged now; if not, it is counted.
  public boolean take(String kind) {
    Budget known = budgets.get(kind);
    if (known == null) {
      known = budgets.computeIfAbsent(budgets.size() < MOST_KINDS ? kind : OTHERS, Budget::new);
    }
    return known.take();
  }

  /// Text of a neighbor or a client as one line, not longer than anybody reads.
  public static String oneLine(String text) {
    String line = text.length() > 1000 ? text.substring(0, 1000) + "..." : text;
    return line.replaceAll("\\p{Cntrl}+", " ");
  }

  private final class Budget {
    private final String kind;
    private long begun;
    private int lines;
    private long more;

    Budget(String kind) {
      this.kind = kind;
      this.begun = nanos.getAsLong() - SECOND_NANOS;
    }

    synchronized boolean take() {
      long now = nanos.getAsLong();
      if (more == 0 && now - begun >= SECOND_NANOS) {
        begun = now;
        lines = 0;
      }
      if (lines < LINES) {
        lines++;
        return true;
      }
      if (more++ == 0) {
        afterASecond.execute(this::tell);
      }
      return false;
    }

    private void tell() {
      rest.tell(kind, count());
    }

    private synchronized long count() {
      long counted = more;
      more = 0;
      begun = nanos.getAsLong();
      lines = 0;
      return counted;
    }
  }
}
