package net.donut.wire.bgp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.donut.fixtures.MadeCapture;
import net.donut.fixtures.RealDataDirectory;

/// Messages that other implementations wrote or stumbled over, as far as they are recorded, and
/// seeded ones of the same kinds, written by code that shares nothing with the codec.
final class Corpus {
  /// `1:raw:MARKER:LENGTH:TYPE:BODY`, colons anywhere.
  private static final Pattern RAW =
      Pattern.compile("^[A-Z0-9]+:raw:([0-9A-F:]+)\\s*$", Pattern.MULTILINE);

  private static final Pattern HEX_LINE =
      Pattern.compile("^(F{32}[0-9A-F]+)\\s*$", Pattern.MULTILINE);

  private static final List<String> CAPTURES =
      List.of("netgauze-bgp-pcaps", "packetlife-pcaps", "pmacct-bgp-pcaps");

  private static final List<String> CRASHERS = List.of("gobgp-bad-len", "biord-fuzz-corpus");

  private Corpus() {}

  /// A message and the file it is from.
  record Sample(String file, byte[] bytes) {}

  /// What ExaBGP's tests expect on the wire.
  static List<Sample> exabgp() throws IOException {
    List<Sample> samples = new ArrayList<>();
    RealDataDirectory.archive("messages/exabgp-qa.tar.xz")
        .forEach((file, content) -> {
          String text =
              new String(content, StandardCharsets.ISO_8859_1)
                  .toUpperCase(Locale.ROOT)
                  .replace(":RAW:", ":raw:");
          collect(file, RAW.matcher(text), samples);
          collect(file, HEX_LINE.matcher(text), samples);
        });
    return samples;
  }

  private static void collect(String file, Matcher matcher, List<Sample> into) {
    while (matcher.find()) {
      String hex = matcher.group(1).replace(":", "");
      if (hex.length() % 2 == 0) {
        into.add(new Sample(file, HexFormat.of().parseHex(hex)));
      }
    }
  }

  /// Messages of the captures of one archive.
  static List<Sample> captures(String archive) throws IOException {
    List<Sample> samples = new ArrayList<>();
    RealDataDirectory.archive("messages/" + archive + ".tar.xz")
        .forEach((file, content) -> {
          if (file.endsWith(".pcap") || file.endsWith(".cap")) {
            PcapMessages.messages(content).forEach(bytes -> samples.add(new Sample(file, bytes)));
          }
        });
    return samples;
  }

  static List<Sample> captures() throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (String archive : CAPTURES) {
      samples.addAll(captures(archive));
    }
    return samples;
  }

  /// Inputs that once broke GoBGP and bio-rd.
  static List<Sample> crashers() throws IOException {
    List<Sample> samples = new ArrayList<>();
    for (String archive : CRASHERS) {
      RealDataDirectory.archive("messages/" + archive + ".tar.xz")
          .forEach((file, content) -> samples.add(new Sample(file, content)));
    }
    return samples;
  }

  /// Captures of each kind of link, in both families.
  static List<MadeCapture> seededCaptures() {
    List<MadeCapture> captures = new ArrayList<>();
    long seed = 1;
    for (MadeCapture.Link link : MadeCapture.Link.values()) {
      captures.add(MadeCapture.of(link, false, seed++));
      captures.add(MadeCapture.of(link, true, seed++));
    }
    return captures;
  }

  /// Messages of the seeded captures.
  static List<Sample> seeded() {
    List<Sample> samples = new ArrayList<>();
    for (MadeCapture capture : seededCaptures()) {
      PcapMessages.messages(capture.file())
          .forEach(bytes -> samples.add(new Sample("seeded", bytes)));
    }
    return samples;
  }

  /// Messages cut, lengthened, and with lengths inside that do not fit.
  static List<Sample> seededCrashers() {
    SplittableRandom random = new SplittableRandom(4271);
    List<Sample> samples = new ArrayList<>();
    for (byte[] message : MadeCapture.messages(3, false)) {
      byte[] broken = Arrays.copyOf(message, Math.max(1, message.length - 8 + random.nextInt(16)));
      for (int i = 0; i < 3; i++) {
        broken[random.nextInt(broken.length)] = (byte) (random.nextBoolean() ? 0xff : 0);
      }
      samples.add(new Sample("seeded", broken));
    }
    return samples;
  }
}
