package net.donut.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The functions of the C library that rtnetlink, UDP, frames and scheduling need. Every method
/// returns the call's own result, or `-errno` where the call said -1. One instance a thread: it
/// holds the memory into which the linker saves `errno`.
@SuppressWarnings("restricted") // The one place of the module that links to native code.
final class LibC {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SOCKET =
      bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle BIND =
      bind("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle GETSOCKNAME =
      bind("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle CLOSE =
      bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle SETSOCKOPT =
      bind(
          "setsockopt",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SEND =
      bind("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle RECVFROM =
      bind(
          "recvfrom",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle RECVMMSG =
      bind(
          "recvmmsg",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle POLL =
      bind("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle EVENTFD =
      bind("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle WRITE =
      bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle OPEN =
      bind(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETNS =
      bind("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  private static final MethodHandle READ =
      bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle SENDTO =
      bind(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle RECVMSG =
      bind("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle PPOLL =
      bind("ppoll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));
  private static final MethodHandle IF_NAMETOINDEX =
      bind("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle SCHED_SETSCHEDULER =
      bind("sched_setscheduler", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle IOCTL =
      bind(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle SETSID = bind("setsid", FunctionDescriptor.of(JAVA_INT));

  private final MemorySegment state;

  LibC(Arena arena) {
    state = arena.allocate(CAPTURE);
  }

  private static MethodHandle bind(
      String name, FunctionDescriptor descriptor, Linker.Option... more) {
    Linker.Option[] options = new Linker.Option[more.length + 1];
    options[0] = Linker.Option.captureCallState("errno");
    System.arraycopy(more, 0, options, 1, more.length);
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  int socket(int domain, int type, int protocol) {
    try {
      return result((int) SOCKET.invokeExact(state, domain, type, protocol));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int bind(int fd, MemorySegment address) {
    try {
      return result((int) BIND.invokeExact(state, fd, address, (int) address.byteSize()));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int getsockname(int fd, MemorySegment address, MemorySegment length) {
    try {
      return result((int) GETSOCKNAME.invokeExact(state, fd, address, length));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int close(int fd) {
    try {
      return result((int) CLOSE.invokeExact(state, fd));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int setsockopt(int fd, int level, int option, MemorySegment value) {
    try {
      return result(
          (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, (int) value.byteSize()));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  long send(int fd, MemorySegment bytes, long length, int flags) {
    try {
      return result((long) SEND.invokeExact(state, fd, bytes, length, flags));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  long recvfrom(
      int fd, MemorySegment bytes, int flags, MemorySegment sender, MemorySegment senderLength) {
    try {
      return result(
          (long)
              RECVFROM.invokeExact(
                  state, fd, bytes, bytes.byteSize(), flags, sender, senderLength));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int recvmmsg(int fd, MemorySegment headers, int count, int flags) {
    try {
      return result(
          (int) RECVMMSG.invokeExact(state, fd, headers, count, flags, MemorySegment.NULL));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int poll(MemorySegment descriptors, long count, int timeoutMillis) {
    try {
      return result((int) POLL.invokeExact(state, descriptors, count, timeoutMillis));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int eventfd(int initial, int flags) {
    try {
      return result((int) EVENTFD.invokeExact(state, initial, flags));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  long write(int fd, MemorySegment bytes) {
    try {
      return result((long) WRITE.invokeExact(state, fd, bytes, bytes.byteSize()));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int open(MemorySegment path, int flags) {
    try {
      return result((int) OPEN.invokeExact(state, path, flags, 0));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int setns(int fd, int type) {
    try {
      return result((int) SETNS.invokeExact(state, fd, type));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  long read(int fd, MemorySegment bytes) {
    try {
      return result((long) READ.invokeExact(state, fd, bytes, bytes.byteSize()));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  long sendto(int fd, MemorySegment bytes, long length, int flags, MemorySegment receiver) {
    try {
      return result(
          (long)
              SENDTO.invokeExact(
                  state, fd, bytes, length, flags, receiver, (int) receiver.byteSize()));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  long recvmsg(int fd, MemorySegment message, int flags) {
    try {
      return result((long) RECVMSG.invokeExact(state, fd, message, flags));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  /// Waits as long as `timeout`, a `struct timespec`, says; signals are as they are.
  int ppoll(MemorySegment descriptors, long count, MemorySegment timeout) {
    try {
      return result(
          (int) PPOLL.invokeExact(state, descriptors, count, timeout, MemorySegment.NULL));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  /// The index of an interface, 0 for none of this name.
  int ifNameToIndex(MemorySegment name) {
    try {
      return (int) IF_NAMETOINDEX.invokeExact(state, name);
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int schedSetScheduler(int thread, int policy, MemorySegment parameters) {
    try {
      return result((int) SCHED_SETSCHEDULER.invokeExact(state, thread, policy, parameters));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int ioctl(int fd, long request, MemorySegment argument) {
    try {
      return result((int) IOCTL.invokeExact(state, fd, request, argument));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  int setsid() {
    try {
      return result((int) SETSID.invokeExact(state));
    } catch (Throwable e) {
      throw linkFault(e);
    }
  }

  private int result(int returned) {
    return returned == -1 ? -(int) ERRNO.get(state, 0L) : returned;
  }

  private long result(long returned) {
    return returned == -1 ? -(int) ERRNO.get(state, 0L) : returned;
  }

  /// Method handles declare Throwable; what they really throw is unchecked: a wrong thread, a
  /// closed arena.
  private static RuntimeException linkFault(Throwable thrown) {
    return switch (thrown) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(thrown);
    };
  }
}
