package net.donut.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.donut.lab.demo.DemoResult.Check;
import net.donut.lab.demo.DemoResult.Event;
import net.donut.lab.demo.DemoResult.FlowOutcome;
import net.donut.lab.demo.DemoResult.Kernel;
import net.donut.lab.demo.DemoResult.Neighbor;
import net.donut.lab.demo.DemoResult.Routes;
import net.donut.lab.demo.DemoResult.Verdict;
import net.donut.lab.probe.EventStrip;
import net.donut.lab.probe.PathTrace;
import net.donut.lab.probe.StreamResult;
import net.donut.lab.topology.DonutTopology;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportsTest {
  private static final PathTrace BEFORE =
      new PathTrace(
          List.of("babulous", "edge2", "edge1", "tier2a", "viewers"),
          List.of(64801L, 64500L, 64701L),
          PathTrace.End.ARRIVED);
  private static final PathTrace AFTER =
      new PathTrace(
          List.of("babulous", "edge2", "tier1b", "tier2a", "viewers"),
          List.of(64801L, 64500L, 64602L, 64701L),
          PathTrace.End.ARRIVED);

  private static StreamResult stream(String from, String to, long lost) {
    List<Integer> bins = new ArrayList<>(Collections.nCopies(325, 10));
    List<Integer> missing = new ArrayList<>(Collections.nCopies(325, 0));
    for (int i = 0; i < lost; i++) {
      bins.set(25 + i / 10, bins.get(25 + i / 10) - 1);
      missing.set(25 + i / 10, missing.get(25 + i / 10) + 1);
    }
    return new StreamResult(
        "viewers",
        "ipv4",
        from,
        to,
        3250,
        3250 - lost,
        lost,
        0,
        0,
        lost + 1.0,
        1,
        1.1,
        0,
        0,
        bins,
        missing,
        120);
  }

  /// A packet a millisecond for half a second around the event; the first after it are lost.
  private static EventStrip strip(int lost) {
    return new EventStrip(
        IntStream.range(-100, 400)
            .mapToObj(at ->
                new EventStrip.Packet(
                    at, at >= 0 && at < lost ? EventStrip.Fate.LOST : EventStrip.Fate.ARRIVED))
            .toList());
  }

  private static DemoResult outcome() {
    Kernel kernel = new Kernel(25_010, 25_010, 0, 0, 25_010, 8, 14);
    Event cut =
        new Event(
            "cut the direct link to tier2a (edge1-tier2a)",
            "cut",
            "edge1-tier2a",
            1,
            250,
            Map.of("edge1", 1.4),
            14.25,
            812,
            List.of(
                new FlowOutcome(
                    stream("babulous", "viewers", 2), BEFORE, AFTER, true, true, "", 0.8, strip(2)),
                new FlowOutcome(
                    stream("viewers", "babulous", 137),
                    BEFORE,
                    AFTER,
                    true,
                    false,
                    "tier2a is not ours: it has to find another way by itself",
                    1.1,
                    strip(137))),
            Map.of("edge1", kernel),
            0);
    Event restore =
        new Event(
            "restore the direct link to tier2a (edge1-tier2a)",
            "restore",
            "edge1-tier2a",
            1,
            250,
            Map.of(),
            20,
            3_900,
            List.of(
                new FlowOutcome(
                    stream("babulous", "viewers", 0),
                    AFTER,
                    BEFORE,
                    false,
                    false,
                    "",
                    0,
                    strip(0))),
            Map.of("edge1", kernel),
            0);
    return new DemoResult(
        DonutTopology.create(Map.of()),
        List.of(),
        List.of(
            new Neighbor("tier1a", "bird", 64601, "transit", "edge1", 25_010, 25_009, 1, 9_000)),
        new Routes(
            25_012,
            9_812,
            15_200,
            24_990,
            0,
            0.392,
            61_000,
            4,
            311,
            Map.of("transit", 15_200L, "private-peer", 9_811L, "customer", 1L)),
        Map.of("edge1", kernel),
        List.of(cut, restore),
        List.of(),
        List.of(new Check("no hole <in> the table", Verdict.HOLDS, "0 holes")),
        Map.of("kernel", "Linux 6.18"),
        91.5);
  }

  @Test
  void the_json_has_the_keys_that_scripts_read() throws Exception {
    JsonNode json = new ObjectMapper().readTree(DemoJson.render(outcome()));

    JsonNode event = json.path("events").path(0);
    assertThat(event.path("name").isTextual()).isTrue();
    assertThat(event.path("kind").asText()).isEqualTo("cut");
    assertThat(event.path("link").asText()).isEqualTo("edge1-tier2a");
    assertThat(event.path("converged_ms").asDouble()).isEqualTo(14.25);
    JsonNode flow = event.path("flows").path(0);
    assertThat(flow.path("from").asText()).isEqualTo("babulous");
    assertThat(flow.path("to").asText()).isEqualTo("viewers");
    assertThat(flow.path("sent").asLong()).isEqualTo(3250);
    assertThat(flow.path("lost").asLong()).isEqualTo(2);
    assertThat(flow.path("max_gap_ms").asDouble()).isEqualTo(3.0);
    assertThat(flow.path("path_before").asText())
        .isEqualTo("babulous edge2 edge1 tier2a viewers (AS 64801 64500 64701)");
    assertThat(flow.path("path_after").asText()).contains("tier1b");
    assertThat(flow.path("local_backup").asBoolean()).isTrue();
    for (String key : List.of("total", "direct", "transit", "protected", "holes")) {
      assertThat(json.path("routes").path(key).isIntegralNumber()).as(key).isTrue();
    }
    for (String key : List.of("intended", "installed", "missing", "unexpected")) {
      assertThat(json.path("kernel").path("edge1").path(key).isIntegralNumber()).as(key).isTrue();
    }
    JsonNode neighbor = json.path("neighbors").path(0);
    assertThat(neighbor.path("name").asText()).isEqualTo("tier1a");
    assertThat(neighbor.path("software").asText()).isEqualTo("bird");
    assertThat(neighbor.path("prefixes").asLong()).isEqualTo(25_010);
  }

  @Test
  void the_page_loads_nothing_from_outside_and_escapes_what_it_shows() {
    String html = DemoPage.render(outcome());

    assertThat(html).doesNotContainPattern("(src|href)=").doesNotContain("url(");
    assertThat(html).contains("no hole &lt;in&gt; the table").contains("prefers-color-scheme");
    assertThat(html).contains("name=\"viewport\"");
  }

  @Test
  void every_picture_is_well_formed() throws Exception {
    Matcher pictures =
        Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(DemoPage.render(outcome()));

    int count = 0;
    while (pictures.find()) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(pictures.group())));
      count++;
    }
    assertThat(count).isEqualTo(4);
  }

  @Test
  void each_strip_has_a_mark_for_each_packet_around_the_event() {
    String html = DemoPage.render(outcome());

    assertThat(marks(html, "got", "h0")).containsExactly(298L, 163L, 300L);
    assertThat(marks(html, "lost", "m0")).containsExactly(2L, 137L, 0L);
  }

  /// How many marks of a kind each strip of a page has.
  private static List<Long> marks(String html, String kind, String mark) {
    return Pattern.compile("<path class=\"%s\"[^>]* d=\"([^\"]*)\"".formatted(kind))
        .matcher(html)
        .results()
        .map(path -> Pattern.compile(mark).matcher(path.group(1)).results().count())
        .toList();
  }

  @Test
  void scripts_read_when_packets_were_lost() throws Exception {
    JsonNode event = new ObjectMapper().readTree(DemoJson.render(outcome())).at("/events/0");

    assertThat(event.at("/flows/0/lost_at_ms")).hasSize(2);
    assertThat(event.at("/flows/1/lost_at_ms/136").asDouble()).isEqualTo(136);
  }

  @Test
  void a_failed_check_is_told_and_fails_the_demo() {
    DemoResult good = outcome();
    DemoResult bad =
        new DemoResult(
            good.topology(),
            good.tableStory(),
            good.neighbors(),
            good.routes(),
            good.kernel(),
            good.events(),
            good.disturbed(),
            List.of(new Check("kernel of edge1", Verdict.FAILS, "3 missing")),
            good.environment(),
            good.seconds());

    assertThat(good.holds()).isTrue();
    assertThat(bad.holds()).isFalse();
    assertThat(ClosingTable.lines(bad)).contains("  FAILS: kernel of edge1: 3 missing");
    assertThat(DemoPage.render(bad)).contains("1 of 1 checks fail");
  }

  @Test
  void the_page_is_kept_for_looking_at() throws Exception {
    Path page = Path.of("target", "sample-report.html");

    Files.writeString(page, DemoPage.render(outcome()));

    assertThat(Files.size(page)).isBetween(5_000L, 200_000L);
  }
}
