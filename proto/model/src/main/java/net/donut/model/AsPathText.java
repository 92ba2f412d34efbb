package net.donut.model;

import java.util.ArrayList;
import java.util.List;
import net.donut.model.AsPath.Segment;
import net.donut.model.AsPath.SegmentType;

/// Text form of AS paths, as routers print them: `64500 64501 {64502,64503}`.
final class AsPathText {
  private AsPathText() {}

  static String format(AsPath path) {
    StringBuilder text = new StringBuilder();
    for (Segment segment : path.segments()) {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      switch (segment.type()) {
        case AS_SEQUENCE -> join(text, segment, "", " ", "");
        case AS_SET -> join(text, segment, "{", ",", "}");
        case AS_CONFED_SEQUENCE -> join(text, segment, "(", " ", ")");
        case AS_CONFED_SET -> join(text, segment, "[", ",", "]");
      }
    }
    return text.toString();
  }

  private static void join(
      StringBuilder text, Segment segment, String open, String comma, String close) {
    text.append(open);
    for (int i = 0; i < segment.asns().length; i++) {
      text.append(i == 0 ? "" : comma).append(Asn.text(segment.asns()[i]));
    }
    text.append(close);
  }

  static AsPath parse(String text) {
    List<Segment> segments = new ArrayList<>();
    List<Integer> sequence = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ') {
        at++;
        continue;
      }
      int close = "{([".indexOf(c) < 0 ? -1 : text.indexOf("})]".charAt("{([".indexOf(c)), at);
      if (close > 0) {
        flush(sequence, segments);
        SegmentType type =
            c == '{'
                ? SegmentType.AS_SET
                : c == '(' ? SegmentType.AS_CONFED_SEQUENCE : SegmentType.AS_CONFED_SET;
        segments.add(new Segment(type, numbers(text.substring(at + 1, close).trim(), text)));
        at = close + 1;
        continue;
      }
      int end = at;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      if (end == at) {
        throw new IllegalArgumentException(
            "AS path: '" + text + "': unexpected '" + c + "' at " + at);
      }
      sequence.add((int) Asn.parse(text.substring(at, end)));
      at = end;
    }
    flush(sequence, segments);
    return segments.isEmpty() ? AsPath.EMPTY : new AsPath(segments);
  }

  private static int[] numbers(String body, String whole) {
    if (body.isEmpty()) {
      throw new IllegalArgumentException("AS path: '" + whole + "': empty segment");
    }
    String[] parts = body.split("[ ,]+");
    int[] numbers = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = (int) Asn.parse(parts[i]);
    }
    return numbers;
  }

  private static void flush(List<Integer> sequence, List<Segment> segments) {
    for (int start = 0; start < sequence.size(); start += 255) {
      List<Integer> part = sequence.subList(start, Math.min(sequence.size(), start + 255));
      segments.add(
          new Segment(
              SegmentType.AS_SEQUENCE, part.stream().mapToInt(Integer::intValue).toArray()));
    }
    sequence.clear();
  }
}
