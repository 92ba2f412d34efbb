package net.donut.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import net.donut.api.operator.v1.Event;
import net.donut.api.operator.v1.WatchRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `donut watch`: events as they happen.
@Command(
    name = "watch",
    description =
        "Print events as they happen, until interrupted: sessions, links, routes, policy.",
    footer = {"", "Example: donut watch"})
final class WatchCommand extends OperatorCommand {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "0",
      description = "Stop after so many events, 0 for never (default: ${DEFAULT-VALUE}).")
  private long count;

  @Override
  public void run() {
    controller.talk(stub -> {
      Iterator<Event> events = stub.watch(WatchRequest.getDefaultInstance());
      long seen = 0;
      try {
        while ((count == 0 || seen++ < count) && events.hasNext()) {
          Event event = events.next();
          output.print(out(), event, out -> out.println(line(event)));
        }
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
          throw new Failures.Refused(Failures.UNREACHABLE, "the controller has gone away");
        }
        throw e;
      }
      return seen;
    });
  }

  private static String line(Event event) {
    long nanos = event.getUnixNs();
    return String.format(
        "%s  %-9s %-8s %-16s %s",
        CLOCK.format(Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L)),
        event.getKind(),
        event.getRouter(),
        event.getSubject(),
        event.getText());
  }
}
