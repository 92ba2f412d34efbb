package net.donut.controller.southbound;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import net.donut.api.agent.v1.AdjRibOutRequest;
import net.donut.api.agent.v1.AgentGrpc;
import net.donut.api.agent.v1.RouteBatch;
import net.donut.api.agent.v1.WithheldRoute;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.table.SharedAttributes;
import org.jspecify.annotations.Nullable;

/// Asks an agent what a session of it is told.
public final class AdjRibOutReader {
  private static final long SECONDS = 60;

  private AdjRibOutReader() {}

  /// What the neighbor is told, and what is withheld from it, in the order of prefixes.
  ///
  /// @param attributes as sent, the next hop included
  /// @param withheld null for a route that is told
  public record Told(PathAttributes attributes, @Nullable WithheldRoute withheld) {}

  /// The routes of one session, or null when the agent does not answer or does not know it.
  public static @Nullable Map<Prefix, Told> read(AgentDriver driver, String session) {
    Map<Prefix, WithheldRoute> withheld = new HashMap<>();
    Map<Prefix, Told> told = new TreeMap<>();
    RouteDecoder decoder = new RouteDecoder(driver.address().router(), 0);
    try {
      Iterator<RouteBatch> batches =
          AgentGrpc.newBlockingStub(driver.channel())
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .adjRibOut(AdjRibOutRequest.newBuilder().setNeighbor(session).build());
      while (batches.hasNext()) {
        RouteBatch batch = batches.next();
        for (WithheldRoute route : batch.getWithheldList()) {
          withheld.put(Prefix.parse(route.getPrefix()), route);
        }
        for (Report.Heard part : decoder.decode(batch).heard()) {
          SharedAttributes attributes = part.attributes();
          for (Prefix prefix : part.prefixes()) {
            if (attributes == null) {
              told.remove(prefix);
            } else {
              told.put(prefix, new Told(attributes.attributes(), withheld.get(prefix)));
            }
          }
        }
      }
      return told;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.CANCELLED) {
        throw e;
      }
      return null;
    }
  }
}
