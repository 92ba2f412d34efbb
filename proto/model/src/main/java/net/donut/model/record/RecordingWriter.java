package net.donut.model.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;
import net.donut.model.FileFailure;
import net.donut.model.queue.Mailbox;

/// Writes the inputs of an owner thread to a file. Owned by that thread; the file belongs to a
/// thread of its own, `OWNER-record`.
public final class RecordingWriter implements AutoCloseable {
  /*
   * Recording must never harm the one who is recorded. The owner only copies bytes into memory: they
   * gather in `gathered`, and go to the writing thread in blocks, at most BLOCKS of them. When there
   * is no room for another the disk is too slow; then, and when the disk is full or the file has
   * reached its limit, recording ends for good, and `onStop` hears of it once. What was written until
   * then is a good recording.
   */
  private static final int BLOCK_BYTES = 256 << 10;
  private static final int BLOCKS = 128;
  private static final int LONGEST_ENTRY_BYTES = 64;
  private static final long PATIENCE_MILLIS = 2000;

  private final Path file;
  private final FileChannel channel;
  private final RecordingLimits limits;
  private final Consumer<String> onStop;
  private final Thread thread;
  private byte[] gathered = new byte[1024];
  private int size;
  private long nanos;
  private boolean timed;
  private long written;

  // owner -> OWNER-record: blocks of the file
  private final Mailbox<ByteBuffer> blocks;
  // whoever stops first -> nobody: the reason, given once
  private final Mailbox<String> reason = new Mailbox<>(1);

  private RecordingWriter(
      Path file,
      FileChannel channel,
      RecordingLimits limits,
      String owner,
      Consumer<String> onStop) {
    this.file = file;
    this.channel = channel;
    this.limits = limits;
    this.onStop = onStop;
    this.blocks = new Mailbox<>(BLOCKS);
    this.thread = Thread.ofPlatform().daemon().name(owner + "-record").unstarted(this::run);
  }

  /// Begins a recording. A file that is there already is kept beside it, as `FILE.1`. `onStop`
  /// hears why a recording ended before [#close]; it is called on any thread.
  public static RecordingWriter open(
      Path file, RecordingHeader header, RecordingLimits limits, Consumer<String> onStop)
      throws IOException {
    if (Files.isRegularFile(file)) {
      Files.move(
          file,
          file.resolveSibling(file.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    RecordingWriter writer = new RecordingWriter(file, channel, limits, header.owner(), onStop);
    writer.header(header);
    writer.thread.start();
    return writer;
  }

  private void header(RecordingHeader header) {
    bytes(RecordingReader.MAGIC);
    number(RecordingReader.FORMAT);
    text(header.owner());
    number(header.version());
    text(header.program());
    number(header.started().toEpochMilli());
  }

  /// The owner reads its clock.
  public void time(long nowNanos) {
    number(RecordingReader.TIME);
    number(timed ? nowNanos - nanos : 0);
    nanos = nowNanos;
    timed = true;
    handOverFullBlock();
  }

  /// The owner takes an input.
  public void input(int kind, byte[] content) {
    if (kind <= RecordingReader.TIME) {
      throw new IllegalArgumentException("kind: " + kind + " (expected: 1 or more)");
    }
    if (content.length > RecordingReader.MOST_BYTES) {
      stop("an input of " + content.length + " bytes (limit: " + RecordingReader.MOST_BYTES + ")");
      return;
    }
    number(kind);
    number(content.length);
    bytes(content);
    handOverFullBlock();
  }

  /// Nothing more comes for now: what was gathered may go to the disk.
  public void flush() {
    if (size > 0 && blocks.depth() == 0) {
      handOver();
    }
  }

  private void handOverFullBlock() {
    if (size >= BLOCK_BYTES) {
      handOver();
    }
  }

  private void handOver() {
    ByteBuffer block = ByteBuffer.wrap(Arrays.copyOf(gathered, size));
    size = 0;
    if (!blocks.offer(block)) {
      stop("the disk is slower than what comes in");
    }
  }

  /// Whether anything is still recorded.
  public boolean isRecording() {
    return !blocks.isClosed();
  }

  private void stop(String why) {
    blocks.close();
    if (reason.offer(why)) {
      onStop.accept(file + ": " + why);
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    bytes(bytes);
  }

  private void bytes(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, gathered, size, bytes.length);
    size += bytes.length;
  }

  private void number(long value) {
    reserve(LONGEST_ENTRY_BYTES);
    long left = value;
    while ((left & ~0x7fL) != 0) {
      gathered[size++] = (byte) ((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    gathered[size++] = (byte) left;
  }

  private void reserve(int bytes) {
    if (gathered.length - size < bytes) {
      gathered = Arrays.copyOf(gathered, Math.max(size + bytes, 2 * gathered.length));
    }
  }

  // ---- OWNER-record

  private void run() {
    try {
      while (blocks.await(Long.MAX_VALUE)) {
        blocks.drain(this::write, 1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeFile();
    }
  }

  private void closeFile() {
    try {
      channel.close();
    } catch (IOException e) {
      stop(FileFailure.reason(e));
    }
  }

  private void write(ByteBuffer block) {
    if (reason.depth() > 0) {
      return;
    }
    try {
      String objection = limits.objection(file, written + block.remaining());
      if (objection != null) {
        stop(objection);
        return;
      }
      while (block.hasRemaining()) {
        written += channel.write(block);
      }
    } catch (IOException e) {
      stop(FileFailure.reason(e));
    }
  }

  /// Writes what was gathered, and waits for the disk for at most two seconds. By the owner, or
  /// when it has ended.
  @Override
  public void close() {
    if (size > 0) {
      handOver();
    }
    blocks.close();
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
