package net.donut.controller.southbound;

import java.util.function.Consumer;
import net.donut.model.queue.Mailbox;
import net.donut.model.queue.Outbox;

/// The lanes from the southbound threads to the RIB thread: bad news overtakes routes. The RIB
/// thread waits on the urgent lane only; the others put a [Report.Wake] there.
public final class Reports {
  private static final int URGENT = 1024;
  private static final int ROUTES = 256;

  private final Mailbox<Report> urgent = new Mailbox<>(URGENT);
  private final Mailbox<Report.Routes> routes = new Mailbox<>(ROUTES, this::wake);
  private final Outbox<String, Report.Progress> progress = new Outbox<>(this::wake);

  public Reports() {}

  /// Makes the RIB thread look at its other lanes. When the urgent lane is full it is awake anyway.
  public void wake() {
    boolean _ = urgent.offer(new Report.Wake());
  }

  boolean offer(Report report) {
    return urgent.offer(report);
  }

  boolean offer(Report.Routes batch) {
    return routes.offer(batch);
  }

  void put(Report.Progress latest) {
    progress.put(latest.router(), latest);
  }

  public boolean await(long nanos) throws InterruptedException {
    return urgent.await(nanos);
  }

  public int drainUrgent(Consumer<? super Report> receiver) {
    return urgent.drain(receiver, URGENT);
  }

  public int drainRoutes(Consumer<? super Report.Routes> receiver, int most) {
    return routes.drain(receiver, most);
  }

  public void drainProgress(Consumer<? super Report.Progress> receiver) {
    progress.drain(Integer.MAX_VALUE).values().forEach(receiver);
  }

  public boolean hasUrgent() {
    return urgent.depth() > 0;
  }

  public boolean hasRoutes() {
    return routes.depth() > 0;
  }

  public void close() {
    urgent.close();
    routes.close();
  }
}
