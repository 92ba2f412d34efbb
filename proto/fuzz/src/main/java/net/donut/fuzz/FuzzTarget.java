package net.donut.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.function.Consumer;

/// A decoder with the processor time and the memory that one input may cost it. Whatever the
/// decoder throws is a finding: it catches what it is allowed to throw.
///
/// @param decoder reads an input, and checks what came of it
/// @param floorBytes what any input may allocate, in bytes
/// @param bytesPerByte what each byte of an input may allocate on top of that
public record FuzzTarget(Consumer<byte[]> decoder, long floorBytes, long bytesPerByte) {

  /// Far beyond what any input takes, so that a slow machine is no finding.
  private static final long MOST_CPU_NANOS = 5_000_000_000L;

  /// What Jazzer's instrumentation allocates by itself on top of the decoder, at most.
  private static final int INSTRUMENTED = 64;

  private static final int MOST_SHOWN_BYTES = 8192;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /// Decodes one input. Throws AssertionError, with the input in hexadecimal, when it breaks the
  /// decoder or costs more than it may.
  public void accept(byte[] input) {
    accept(input, floorBytes + bytesPerByte * input.length);
  }

  /// The same in a JVM where Jazzer counts and compares: the memory is bounded loosely.
  public void acceptInstrumented(byte[] input) {
    accept(input, INSTRUMENTED * (floorBytes + bytesPerByte * input.length));
  }

  private void accept(byte[] input, long mostBytes) {
    long cpu = THREADS.getCurrentThreadCpuTime();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    try {
      decoder.accept(input);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("input " + shown(input), e);
    }
    check(
        "bytes allocated", THREADS.getCurrentThreadAllocatedBytes() - allocated, mostBytes, input);
    check("nanoseconds", THREADS.getCurrentThreadCpuTime() - cpu, MOST_CPU_NANOS, input);
  }

  private static void check(String what, long found, long most, byte[] input) {
    if (found > most) {
      throw new AssertionError(
          what + ": " + found + " (expected: at most " + most + ") for input " + shown(input));
    }
  }

  private static String shown(byte[] input) {
    String hex = HexFormat.of().formatHex(input, 0, Math.min(input.length, MOST_SHOWN_BYTES));
    return input.length <= MOST_SHOWN_BYTES ? hex : hex + "... of " + input.length + " bytes";
  }
}
