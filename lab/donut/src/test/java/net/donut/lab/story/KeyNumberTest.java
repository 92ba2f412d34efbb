package net.donut.lab.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.donut.lab.clab.graph.LabGraph;
import net.donut.lab.net.Namespace;
import net.donut.lab.probe.Audience;
import net.donut.lab.probe.Probes;
import net.donut.lab.probe.Viewing;
import net.donut.model.Relation;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class KeyNumberTest {
  /// A network with one audience of 100 packets, a transit at 1 a Mbit/s, and one failure.
  private static NetworkResult result(
      StoryNetwork network, int routers, double mbit, int outageMillis) {
    Price price = new Price("tier1a", new Counters.Port("edge1", "tier1a"), Relation.TRANSIT, 1);
    return new NetworkResult(
        network,
        new LabGraph(network.word(), List.of(), List.of()),
        List.of(viewing(routers, 0)),
        List.of(
            new NetworkResult.Failure(
                "cut edge1:tier1a",
                NetworkResult.Failure.Kind.FAILURE,
                List.of(viewing(routers, outageMillis)))),
        List.of(),
        0,
        new Bill(List.of(new Bill.Item(price, 0, 0, mbit, 0))),
        Duration.ofSeconds(1),
        List.of());
  }

  private static Viewing viewing(int routers, int outageMillis) {
    Probes.Site site = new Probes.Site("viewers-a", new Namespace("viewers-a"));
    return new Viewing(
        new Audience("a", site, 10, 16, 1250),
        100,
        100,
        new Histogram(3),
        0,
        routers,
        Duration.ofMillis(outageMillis),
        0,
        0);
  }

  private static final List<NetworkResult> RESULTS =
      List.of(
          result(StoryNetwork.TRADITIONAL, 3, 1_234, 2_000),
          result(StoryNetwork.DIRECT, 3, 500, 900),
          result(StoryNetwork.DONUT, 2, 308.5, 50));

  @Test
  void bill_outage_and_hops_are_those_of_the_traditional_network_and_of_the_donut() {
    assertThat(KeyNumber.of(RESULTS))
        .extracting(KeyNumber::line)
        .containsExactly(
            "transit bill per month          traditional  1,234.00, donut    308.50  -75 %",
            "longest outage, ms              traditional     2,000, donut        50  -98 %",
            "routers on the way of a packet  traditional       3.0, donut       2.0  -33 %");
  }

  @Test
  void there_are_none_where_one_of_the_two_was_left_out() {
    assertThat(KeyNumber.of(RESULTS.subList(0, 2))).isEmpty();
  }

  @Test
  void the_report_begins_with_them_and_marks_best_and_worst() {
    String html = StoryReport.html(RESULTS);

    assertThat(html.indexOf("<s>1,234.00</s> → 308.50")).isBetween(0, html.indexOf("<table"));
    assertThat(html)
        .contains("<span class=\"worst\">2,000</span>", "<span class=\"best\">50</span>");
    assertThat(html).doesNotContainPattern("(src|href)=").doesNotContain("url(");
  }
}
