package net.donut.simulate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.donut.core.ValidatedPayloads;
import net.donut.core.ValidatedPayloads.Payload;
import net.donut.model.Asn;
import net.donut.model.FileFailure;
import net.donut.model.Prefix;
import net.donut.wire.mrt.Decompressed;

/// Reads validated ROA payloads: the JSON of Routinator, rpki-client and StayRTR (`roas`, each with
/// `asn`, `prefix`, `maxLength`), or CSV with ASN, prefix and length in the first three columns;
/// plain, or compressed with gzip, bzip2 or xz.
///
/// Exports of registries have a damaged entry now and then (no prefix, no number): such an entry
/// authorizes nothing; it is passed over and counted. A file without any usable entry is an error.
final class VrpFile {
  /// What came of a file.
  record Reading(ValidatedPayloads payloads, long damaged, String firstDamaged) {}

  private final Path file;
  private final List<Payload> payloads = new ArrayList<>();
  private long damaged;
  private String firstDamaged = "";

  private VrpFile(Path file) {
    this.file = file;
  }

  /// Throws [BadInput] when the file cannot be read or has nothing usable.
  static Reading read(Path file) {
    VrpFile reader = new VrpFile(file);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      in.mark(1);
      int first = in.read();
      in.reset();
      if (first == '{' || first == '[') {
        reader.json(in);
      } else {
        reader.csv(in);
      }
    } catch (IOException e) {
      String problem = Files.exists(file) ? FileFailure.reason(e) : "no such file";
      throw new BadInput(file + ": " + problem + " (expected: payloads as JSON or CSV)");
    }
    return reader.reading();
  }

  private Reading reading() {
    if (payloads.isEmpty()) {
      throw new BadInput(
          damaged > 0
              ? firstDamaged
              : file + ": no payload (expected: at least one; without --vrps no origin is judged)");
    }
    return new Reading(new ValidatedPayloads(payloads), damaged, firstDamaged);
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    try {
      return Decompressed.of(raw);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private void json(BufferedReader in) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    boolean found = false;
    JsonFactory strict =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser parser = strict.createParser(in)) {
      parser.setCodec(mapper);
      while (parser.nextToken() != null) {
        boolean list = parser.currentToken() == JsonToken.START_ARRAY;
        if (list && (parser.currentName() == null || parser.currentName().equals("roas"))) {
          found = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode one = mapper.readTree(parser);
            String place = "roas[" + (payloads.size() + damaged + 1) + "]";
            add(
                place,
                one.path("asn").asText(),
                one.path("prefix").asText(),
                one.path("maxLength").asText());
          }
        } else if (list) {
          parser.skipChildren();
        }
      }
    }
    if (!found) {
      throw new BadInput(file + ": no list of payloads (expected: \"roas\": [...])");
    }
  }

  private void csv(BufferedReader in) throws IOException {
    int number = 0;
    String line = in.readLine();
    while (line != null) {
      number++;
      String[] cells = line.replace("\"", "").split(",", -1);
      boolean heading = number == 1 && isHeading(cells);
      if (!line.isBlank() && !heading) {
        if (cells.length < 3) {
          throw new BadInput(
              "%s:%d: %d columns (expected: ASN,prefix,max length)"
                  .formatted(file, number, cells.length));
        }
        add("line " + number, cells[0], cells[1], cells[2]);
      }
      line = in.readLine();
    }
  }

  /// A first line without a figure names the columns; a damaged row has its prefix or its length.
  private static boolean isHeading(String[] cells) {
    return Arrays.stream(cells).limit(3).noneMatch(cell -> cell.matches(".*[0-9].*"));
  }

  private void add(String place, String asn, String prefix, String maxLength) {
    try {
      Prefix parsed = Prefix.parse(prefix.strip());
      String longest = maxLength.strip();
      payloads.add(
          new Payload(
              parsed,
              longest.isEmpty() ? parsed.length() : Integer.parseInt(longest),
              Asn.parse(asn.strip())));
    } catch (IllegalArgumentException e) {
      if (damaged++ == 0) {
        firstDamaged =
            "%s: %s: %s (expected: an AS number, a prefix and its longest length)"
                .formatted(file, place, e.getMessage());
      }
    }
  }
}
