package net.donut.simulate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
import java.util.List;
import java.util.zip.GZIPInputStream;
import net.donut.core.ValidatedPayloads;
import net.donut.core.ValidatedPayloads.Payload;
import net.donut.model.Asn;
import net.donut.model.Prefix;
import org.tukaani.xz.XZInputStream;

/// Reads validated ROA payloads: the JSON of Routinator, rpki-client and StayRTR (`roas`, each with
/// `asn`, `prefix`, `maxLength`), or CSV with ASN, prefix and length in the first three columns;
/// plain, or compressed with gzip or xz.
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
      String problem = Files.exists(file) ? String.valueOf(e.getMessage()) : "no such file";
      throw new BadInput(file + ": " + problem + " (expected: payloads as JSON or CSV)");
    }
    return reader.reading();
  }

  private Reading reading() {
    if (payloads.isEmpty() && damaged > 0) {
      throw new BadInput(firstDamaged);
    }
    return new Reading(new ValidatedPayloads(payloads), damaged, firstDamaged);
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    String name = file.toString();
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(raw);
    }
    return name.endsWith(".xz") ? new XZInputStream(raw) : raw;
  }

  private void json(BufferedReader in) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    boolean found = false;
    try (JsonParser parser = new JsonFactory().createParser(in)) {
      parser.setCodec(mapper);
      while (parser.nextToken() != null) {
        boolean list = parser.currentToken() == JsonToken.START_ARRAY;
        if (list && (parser.currentName() == null || parser.currentName().equals("roas"))) {
          found = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode one = mapper.readTree(parser);
            add(
                "roas[" + (payloads.size() + damaged + 1) + "]",
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
      boolean heading = number == 1 && !cells[0].strip().matches("(?i)(AS)?[0-9]+");
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
