package net.donut.agent.service;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import net.donut.agent.fib.Fib;
import net.donut.agent.fib.InspectEntry;
import net.donut.agent.fib.InspectQuery;
import net.donut.agent.fib.InspectSummary;
import net.donut.api.agent.v1.FibEntry;
import net.donut.api.agent.v1.FibNextHop;
import net.donut.api.agent.v1.FibSummary;
import net.donut.api.agent.v1.InspectFibRequest;
import net.donut.api.agent.v1.InspectFibResponse;
import net.donut.model.IpAddress;
import net.donut.model.Prefix;
import org.jspecify.annotations.Nullable;

/// One InspectFib call, on a thread of its own: it compares a kernel dump with the intent and waits
/// while its reader is slow. Owned by that thread.
final class FibInspection implements Runnable {
  private static final long LONGEST_STALL_SECONDS = 30;

  private final Fib fib;
  private final InspectQuery query;
  private final @Nullable IpAddress lookup;
  private final ServerCallStreamObserver<InspectFibResponse> stream;
  private final Semaphore ready = new Semaphore(0);

  /// The reader went away or stopped reading.
  private static final class StalledException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// To be called within the gRPC method, before it returns. Throws IllegalArgumentException when
  /// the request asks for what is no address or prefix.
  FibInspection(
      Fib fib, InspectFibRequest request, ServerCallStreamObserver<InspectFibResponse> stream) {
    this.fib = fib;
    this.query = query(request);
    this.lookup = lookup(request);
    this.stream = stream;
    stream.setOnReadyHandler(ready::release);
    stream.setOnCancelHandler(ready::release);
  }

  void start() {
    Thread.ofPlatform().name("agent-inspect").daemon().start(this);
  }

  /// Throws IllegalArgumentException when the text is neither an address nor a prefix.
  private static @Nullable IpAddress lookup(InspectFibRequest request) {
    try {
      return request.getLookup().isEmpty() ? null : IpAddress.parse(request.getLookup());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "lookup '" + request.getLookup() + "': " + e.getMessage(), e);
    }
  }

  /// Throws IllegalArgumentException when the text is neither an address nor a prefix.
  private static InspectQuery query(InspectFibRequest request) {
    String text = request.getAddressOrPrefix();
    if (!text.isEmpty()) {
      try {
        return text.indexOf('/') >= 0
            ? new InspectQuery.Covering(Prefix.parse(text))
            : new InspectQuery.Address(IpAddress.parse(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "address_or_prefix '" + text + "': " + e.getMessage(), e);
      }
    }
    if (request.getAll()) {
      return new InspectQuery.All();
    }
    return request.getDrift() ? new InspectQuery.Drift() : new InspectQuery.Summary();
  }

  @Override
  public void run() {
    try {
      InspectSummary summary = fib.inspect(query, lookup, this::send);
      InspectFibResponse.Builder last =
          InspectFibResponse.newBuilder().setSummary(summary(summary)).setLookup(summary.lookup());
      InspectSummary.FoundRoute found = summary.found();
      if (found != null) {
        last.setLookupRoute(
            FibEntry.newBuilder()
                .setPrefix(found.prefix().toString())
                .setInKernel(true)
                .setOwner(found.owner())
                .setGateway(found.gateway())
                .setDevice(found.device())
                .setMetric(found.metric()));
      }
      stream.onNext(last.build());
      stream.onCompleted();
    } catch (StalledException e) {
      fail(Status.CANCELLED.withDescription("the reader stopped reading").withCause(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(Status.CANCELLED.withDescription("the agent stops").withCause(e));
    } catch (IllegalStateException e) {
      fail(Status.RESOURCE_EXHAUSTED.withDescription(e.getMessage()).withCause(e));
    } catch (RuntimeException e) {
      fail(Status.INTERNAL.withDescription(String.valueOf(e.getMessage())).withCause(e));
    }
  }

  private void fail(Status status) {
    if (!stream.isCancelled()) {
      stream.onError(status.asRuntimeException());
    }
  }

  private void send(List<InspectEntry> entries) {
    awaitReady();
    InspectFibResponse.Builder response = InspectFibResponse.newBuilder();
    entries.forEach(entry -> response.addEntries(entry(entry)));
    stream.onNext(response.build());
  }

  private void awaitReady() {
    while (!stream.isReady()) {
      try {
        if (stream.isCancelled() || !ready.tryAcquire(LONGEST_STALL_SECONDS, TimeUnit.SECONDS)) {
          throw new StalledException();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StalledException();
      }
    }
  }

  private static FibEntry entry(InspectEntry entry) {
    FibEntry.Builder message =
        FibEntry.newBuilder()
            .setPrefix(entry.prefix().toString())
            .setNetworkInstance(entry.networkInstance())
            .setNextHopGroup(entry.nextHopGroup())
            .setKernelGroup(entry.kernelGroup())
            .setIntended(entry.intended())
            .setInKernel(entry.inKernel())
            .setStatus(entry.status().word())
            .setError(entry.error())
            .setOwner(entry.owner());
    for (InspectEntry.NextHop hop : entry.nextHops()) {
      message.addNextHops(
          FibNextHop.newBuilder()
              .setNextHopIndex(hop.index())
              .setAddress(hop.address())
              .setInterface(hop.interfaceName())
              .setRank(hop.rank())
              .setBuckets(hop.buckets())
              .setAlive(hop.alive()));
    }
    return message.build();
  }

  private static FibSummary summary(InspectSummary summary) {
    return FibSummary.newBuilder()
        .setIntended(summary.intended())
        .setInstalled(summary.installed())
        .setMissing(summary.missing())
        .setUnexpected(summary.unexpected())
        .setForeign(summary.foreign())
        .setGroups(summary.groups())
        .setNextHops(summary.nextHops())
        .setDumpMicros(summary.dumpMicros())
        .setIntendedIpv4(summary.intendedIpv4())
        .setIntendedIpv6(summary.intendedIpv6())
        .setUnclaimed(summary.unclaimed())
        .build();
  }
}
