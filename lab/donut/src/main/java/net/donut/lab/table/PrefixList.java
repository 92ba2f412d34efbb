package net.donut.lab.table;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import net.donut.lab.net.LabException;
import net.donut.model.Family;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.wire.mrt.Decompressed;
import org.jspecify.annotations.Nullable;

/// Distinct prefixes of one family in ascending order, and a line on where they come from.
///
/// Prefixes longer than /24 and /48 are left out, as networks do not accept them from each other. A
/// list that is too short is extended by more specifics of its own prefixes.
public record PrefixList(Prefixes prefixes, String source) {
  /// The real list among the data that tests and benches use.
  public static final String REAL = "prefixes/bart-tier1-fulltable-2024-01.prefixes.txt.gz";

  // More generated blocks do not fit into the address space.
  private static final int MOST_GENERATED = 200_000;

  /// `count` prefixes of the given list, or where none is given of the real one if it is among the
  /// data (system property `donut.data`), else generated ones.
  public static PrefixList find(@Nullable Path given, Family family, int count, long seed) {
    if (given != null) {
      return read(given, family, count, seed);
    }
    Path real = Path.of(System.getProperty("donut.data", "../shared/data"), REAL);
    return Files.exists(real) ? read(real, family, count, seed) : generate(family, count, seed);
  }

  /// `count` prefixes of a text file, one a line, `.gz` or plain. Throws LabException naming file
  /// and line.
  public static PrefixList read(Path file, Family family, int count, long seed) {
    List<Prefix> all = lines(file, family);
    if (all.isEmpty()) {
      throw new LabException(file + ": no " + family + " prefix (expected: one a line)");
    }
    all.sort(null);
    int real = Math.min(count, all.size());
    List<Prefix> chosen = new ArrayList<>(count);
    for (int i = 0; i < real; i++) {
      chosen.add(all.get((int) ((long) i * all.size() / real)));
    }
    extend(chosen, count, new SplittableRandom(seed));
    return new PrefixList(
        Prefixes.copyOf(family, chosen),
        "%,d prefixes of %s%s".formatted(real, file.getFileName(), more(count - real)));
  }

  /// `count` prefixes out of a seed alone, with the lengths of the real table.
  public static PrefixList generate(Family family, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int drawn = Math.min(count, MOST_GENERATED);
    List<Prefix> chosen = new ArrayList<>(count);
    new AddressPlan(random.split()).draw(family, drawn).forEach(plan -> chosen.add(plan.prefix()));
    extend(chosen, count, random);
    return new PrefixList(
        Prefixes.copyOf(family, chosen),
        "%,d generated prefixes%s (a list of real ones: --prefixes FILE)"
            .formatted(drawn, more(count - drawn)));
  }

  private static String more(int added) {
    return added > 0 ? " and %,d seeded more specifics".formatted(added) : "";
  }

  private static List<Prefix> lines(Path file, Family family) {
    List<Prefix> prefixes = new ArrayList<>();
    Set<Prefix> seen = new HashSet<>();
    int number = 0;
    try (BufferedReader reader = open(file)) {
      String line = reader.readLine();
      while (line != null) {
        number++;
        String text = line.strip();
        if (!text.isEmpty() && text.indexOf(':') >= 0 == (family == Family.IPV6)) {
          Prefix prefix = Prefix.parse(text);
          if (prefix.length() <= longest(family) && prefix.length() > 0 && seen.add(prefix)) {
            prefixes.add(prefix);
          }
        }
        line = reader.readLine();
      }
      return prefixes;
    } catch (IOException e) {
      throw LabException.of(file, e);
    } catch (IllegalArgumentException e) {
      throw new LabException(file + ":" + number + ": " + e.getMessage(), e);
    }
  }

  private static BufferedReader open(Path file) throws IOException {
    InputStream plain = Decompressed.of(Files.newInputStream(file));
    return new BufferedReader(new InputStreamReader(plain, StandardCharsets.US_ASCII));
  }

  /// Adds more specifics, mostly of the longest length, until there are `count`, and sorts.
  private static void extend(List<Prefix> chosen, int count, SplittableRandom random) {
    Set<Prefix> seen = chosen.size() < count ? new HashSet<>(chosen) : Set.of();
    int blocks = chosen.size();
    int misses = 0;
    while (chosen.size() < count) {
      Prefix block = chosen.get(random.nextInt(blocks));
      int room = longest(block.family()) - block.length();
      Prefix prefix =
          room <= 0
              ? block
              : specific(block, random, random.nextInt(4) > 0 ? room : 1 + random.nextInt(room));
      if (seen.add(prefix)) {
        chosen.add(prefix);
        misses = 0;
      } else if (++misses > 1_000_000) {
        throw new LabException(
            "prefixes: " + count + " (expected: at most " + chosen.size() + ", the space is full)");
      }
    }
    chosen.sort(null);
  }

  private static Prefix specific(Prefix block, SplittableRandom random, int bits) {
    int length = block.length() + bits;
    long part = random.nextLong(1L << Math.min(bits, 40));
    return Prefix.masked(block.family(), block.high() | part << (64 - length), block.low(), length);
  }

  private static int longest(Family family) {
    return family == Family.IPV4 ? 24 : 48;
  }
}
