package net.donut.core;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.donut.model.Asn;
import net.donut.model.Prefix;

/// The lines of `bogons.txt`: what has no place in the public routing table, and which document
/// says so. A constant of the program, read from its own class path once.
final class BogonTable {
  /// Address space; `document` such as `RFC 1918`, `since` the month it was published.
  record Space(Prefix prefix, String document, String since, String purpose) {}

  /// AS numbers, both ends included.
  record Numbers(long first, long last, String document, String since, String purpose) {}

  private static final String FILE = "bogons.txt";
  private static final Pattern COLUMNS = Pattern.compile(" {2,}");

  private final List<Space> spaces = new ArrayList<>();
  private final List<Numbers> numbers = new ArrayList<>();

  private BogonTable() {}

  static BogonTable read() {
    BogonTable table = new BogonTable();
    InputStream stream = BogonTable.class.getResourceAsStream(FILE);
    if (stream == null) {
      throw new IllegalStateException(FILE + ": not on the class path");
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      lines.lines().filter(line -> !line.startsWith("#")).forEach(table::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  private void add(String line) {
    String[] columns = COLUMNS.split(line, -1);
    if (columns.length != 4) {
      throw new IllegalStateException(
          FILE + ": '" + line + "': " + columns.length + " columns (expected: 4)");
    }
    if (columns[0].startsWith("AS")) {
      String[] ends = columns[0].split("-", -1);
      numbers.add(
          new Numbers(
              Asn.parse(ends[0]),
              Asn.parse(ends[ends.length - 1]),
              columns[1],
              columns[2],
              columns[3]));
    } else {
      spaces.add(new Space(Prefix.parse(columns[0]), columns[1], columns[2], columns[3]));
    }
  }

  List<Space> spaces() {
    return spaces;
  }

  List<Numbers> numbers() {
    return numbers;
  }
}
