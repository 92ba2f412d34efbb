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
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import net.donut.core.ValidatedPayloads;
import net.donut.core.ValidatedPayloads.Payload;
import net.donut.model.Prefix;
import org.tukaani.xz.XZInputStream;

/// Reads validated ROA payloads: the JSON of Routinator, rpki-client and StayRTR (`roas`, each with
/// `asn`, `prefix`, `maxLength`), or CSV with ASN, prefix and length in the first three columns;
/// plain, or compressed with gzip or xz.
///
/// An entry of JSON whose prefix is null, as registries export for a damaged object, authorizes
/// nothing and is passed over.
final class VrpFile {
  private VrpFile() {}

  /// Throws [BadInput] naming the place of the first mistake.
  static ValidatedPayloads read(Path file) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      in.mark(1);
      int first = in.read();
      in.reset();
      return new ValidatedPayloads(first == '{' || first == '[' ? json(file, in) : csv(file, in));
    } catch (IOException e) {
      String problem = Files.exists(file) ? String.valueOf(e.getMessage()) : "no such file";
      throw new BadInput(file + ": " + problem + " (expected: payloads as JSON or CSV)");
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    String name = file.toString();
    if (name.endsWith(".gz")) {
      return new GZIPInputStream(raw);
    }
    return name.endsWith(".xz") ? new XZInputStream(raw) : raw;
  }

  private static List<Payload> json(Path file, BufferedReader in) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<Payload> payloads = new ArrayList<>();
    boolean found = false;
    int number = 0;
    try (JsonParser parser = new JsonFactory().createParser(in)) {
      parser.setCodec(mapper);
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.START_ARRAY
            && (parser.currentName() == null || parser.currentName().equals("roas"))) {
          found = true;
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode one = mapper.readTree(parser);
            number++;
            if (!one.path("prefix").isNull()) {
              payloads.add(payload(file + ": roas[" + number + "]", one));
            }
          }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
          parser.skipChildren();
        }
      }
    }
    if (!found) {
      throw new BadInput(file + ": no list of payloads (expected: \"roas\": [...])");
    }
    return payloads;
  }

  private static Payload payload(String place, JsonNode node) {
    return payload(
        place,
        node.path("asn").asText(),
        node.path("prefix").asText(),
        node.path("maxLength").asText());
  }

  private static Payload payload(String place, String asn, String prefix, String maxLength) {
    try {
      Prefix parsed = Prefix.parse(prefix.strip());
      String number = asn.strip().toUpperCase(Locale.ROOT);
      String longest = maxLength.strip();
      return new Payload(
          parsed,
          longest.isEmpty() ? parsed.length() : Integer.parseInt(longest),
          Long.parseLong(number.startsWith("AS") ? number.substring(2) : number));
    } catch (IllegalArgumentException e) {
      throw new BadInput(
          place
              + ": "
              + e.getMessage()
              + " (expected: an AS number, a prefix and its longest length)");
    }
  }

  private static List<Payload> csv(Path file, BufferedReader in) throws IOException {
    List<Payload> payloads = new ArrayList<>();
    int number = 0;
    String line = in.readLine();
    while (line != null) {
      number++;
      String[] cells = line.replace("\"", "").split(",", -1);
      boolean heading = number == 1 && !cells[0].strip().matches("(?i)(AS)?[0-9]+");
      if (!line.isBlank() && !heading) {
        if (cells.length < 3) {
          throw new BadInput(
              file
                  + ":"
                  + number
                  + ": "
                  + cells.length
                  + " columns (expected: ASN,prefix,max length)");
        }
        payloads.add(payload(file + ":" + number, cells[0], cells[1], cells[2]));
      }
      line = in.readLine();
    }
    return payloads;
  }
}
