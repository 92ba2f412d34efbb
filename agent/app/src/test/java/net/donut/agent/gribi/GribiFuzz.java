package net.donut.agent.gribi;

import static net.donut.agent.gribi.AftOperations.delete;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.groupWithBackup;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.ipv6;
import static net.donut.agent.gribi.AftOperations.label;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static net.donut.agent.gribi.AftOperations.replace;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.ModifyRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.donut.fuzz.FuzzTarget;
import net.donut.fuzz.SavedInputs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The gRIBI RIB on any operations: each gets exactly one result, overrides end, and a flush leaves
/// nothing. `./donut fuzz gribi` runs this class; [GribiFuzzTest] a part of it.
class GribiFuzz {
  static final FuzzTarget TARGET = new FuzzTarget(GribiFuzz::modify, 32 << 20, 20_000);

  static List<byte[]> inputs() {
    List<byte[]> inputs = new ArrayList<>(SavedInputs.of(GribiFuzz.class, "gribi"));
    inputs.add(
        request(
            nextHop(1, "192.0.2.1", "eth0"),
            nextHop(2, "2001:db8::1"),
            group(1, 1, 2),
            groupWithBackup(2, 1, 2),
            ipv4("10.0.0.0/8", 1),
            ipv6("2001:db8::/32", 2),
            label(16, 1)));
    inputs.add(
        request(
            ipv4("10.0.0.0/8", 1),
            ipv6("::ffff:192.0.2.0/120", 2),
            groupWithBackup(2, 1, 1),
            groupWithBackup(1, 2, 1),
            nextHop(1),
            replace(ipv4("10.0.0.0/8", 2)),
            delete(ipv4("10.0.0.0/8", 1)),
            delete(group(1, 1)),
            delete(nextHop(1))));
    inputs.add(request(ipv4("0.0.0.0/0", -1), group(-1, -1), nextHop(-1), nextHop(-1, "::")));
    inputs.add(
        request(
            nextHop(1, "192.0.2.1"),
            group(1, 1),
            group(2, 1),
            ipv4("10.0.0.0/8", 1, "override ms=1000 then=2"),
            ipv6("2001:db8::/32", 2, "override ms=604800000 then=1"),
            ipv4("11.0.0.0/8", 3, "override ms=1 then=2"),
            ipv4("12.0.0.0/8", 1, "override ms=18446744073709551616 then=0"),
            delete(group(2))));
    return inputs;
  }

  private static byte[] request(AFTOperation.Builder... operations) {
    ModifyRequest.Builder request = ModifyRequest.newBuilder();
    for (int i = 0; i < operations.length; i++) {
      request.addOperation(operations[i].setId(i + 1));
    }
    return request.build().toByteArray();
  }

  static Stream<Arguments> seeds() {
    return inputs().stream().map(input -> Arguments.of((Object) input));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10m")
  void gribi(byte[] input) {
    TARGET.acceptInstrumented(input);
  }

  private static void modify(byte[] input) {
    ModifyRequest request;
    try {
      request = ModifyRequest.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    for (ForwardReferences mode : ForwardReferences.values()) {
      modify(request, mode);
    }
  }

  private static void modify(ModifyRequest request, ForwardReferences mode) {
    MemoryForwarding forwarding = new MemoryForwarding("DEFAULT", "OTHER");
    GribiRib rib = new GribiRib(forwarding, mode);
    Count results = new Count();
    for (AFTOperation operation : request.getOperationList()) {
      rib.execute(operation, results, 0);
    }
    rib.overrides().runTimers(TimeUnit.SECONDS.toNanos(10));
    rib.flush();
    if (mode == ForwardReferences.REJECT) {
      results.require(request.getOperationCount());
    }
    boolean remains = rib.flushInstances(List.copyOf(rib.instances()));
    rib.flush();
    results.require(request.getOperationCount());
    if (rib.overrides().size() != 0) {
      throw new AssertionError("after a flush: overrides " + rib.overrides().size());
    }
    if (remains || !forwarding.hops().isEmpty() || forwarding.groupCount() != 0) {
      throw new AssertionError(
          "after a flush: hops " + forwarding.hops() + ", groups " + forwarding.groupCount());
    }
  }

  /// Counts results; a waiting operation gets its own with the flush at the latest.
  private static final class Count implements OperationSink {
    private int results;

    @Override
    public void failed(long id, String message) {
      results++;
    }

    @Override
    public void programmed(long id, @Nullable String error) {
      results++;
    }

    void require(int operations) {
      if (results != operations) {
        throw new AssertionError("results: " + results + " (expected: " + operations + ")");
      }
    }
  }
}
