package net.donut.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ChartTest {
  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  @Test
  void bars_are_as_long_as_their_values() throws Exception {
    Document svg =
        parse(
            BarChart.of(
                "a <title>",
                Axis.Scale.LINEAR,
                List.of(BarChart.Bar.of("one & two", 10, "10"), BarChart.Bar.of("b", 5, "5"))));

    double first = width(svg, 0);
    double second = width(svg, 1);

    assertThat(first).isCloseTo(2 * second, within(0.2));
  }

  private static double width(Document svg, int bar) {
    Element rect = (Element) svg.getElementsByTagName("rect").item(bar);
    return Double.parseDouble(rect.getAttribute("width"));
  }

  @Test
  void a_bar_of_less_than_nothing_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BarChart.Bar.of("x", -1, ""))
        .withMessage("x: -1.0 (expected: 0 or more)");
  }

  @Test
  void on_a_log_axis_each_power_of_ten_takes_the_same_room() throws Exception {
    Series series =
        new Series(
            "s",
            List.of(new Series.Point(1, 1), new Series.Point(10, 10), new Series.Point(100, 100)));
    Document svg =
        parse(LineChart.of("t", Axis.log("packets"), Axis.linear("ms"), List.of(series)));

    double[] xs = xs(((Element) svg.getElementsByTagName("polyline").item(0)));

    assertThat(xs[1] - xs[0]).isCloseTo(xs[2] - xs[1], within(0.2));
  }

  private static double[] xs(Element curve) {
    return Pattern.compile("\\s+")
        .splitAsStream(curve.getAttribute("points").strip())
        .mapToDouble(point -> Double.parseDouble(point.split(",", 2)[0]))
        .toArray();
  }

  @Test
  void a_distribution_rises_to_the_whole() {
    Series series = Series.distribution("s", 3, 1, 2, 2);

    assertThat(series.points().getFirst()).isEqualTo(new Series.Point(1, 0));
    assertThat(series.points()).contains(new Series.Point(2, 75));
    assertThat(series.points().getLast()).isEqualTo(new Series.Point(3, 100));
  }

  @Test
  void marks_are_round_numbers_around_the_values() {
    assertThat(Axis.linear("x").range(0, 470).marks())
        .containsExactly(0.0, 100.0, 200.0, 300.0, 400.0, 500.0);
    assertThat(Axis.log("x").range(3, 2000).marks())
        .containsExactly(1.0, 10.0, 100.0, 1000.0, 10000.0);
  }

  @Test
  void no_value_at_all_draws_an_empty_chart() throws Exception {
    assertThat(
            parse(LineChart.of("t", Axis.log("x"), Axis.linear("y"), List.of()))
                .getDocumentElement()
                .getTagName())
        .isEqualTo("svg");
    assertThat(parse(BarChart.of("t", Axis.Scale.LOG, List.of())).getDocumentElement().getTagName())
        .isEqualTo("svg");
  }

  @Test
  void text_is_short_to_read() {
    assertThat(Axis.text(1_500_000)).isEqualTo("1.5M");
    assertThat(Axis.text(20_000)).isEqualTo("20k");
    assertThat(Axis.text(0)).isEqualTo("0");
    assertThat(Axis.text(0.001)).isEqualTo("0.001");
  }

  @Test
  void a_page_asks_for_nothing_from_elsewhere() {
    String page =
        Page.of("a & b", Html.heading("x") + Html.table(List.of("n"), List.of(List.of("1,234"))));

    assertThat(page).contains("<title>a &amp; b</title>", "<td class=\"n\">1,234</td>");
    assertThat(page).doesNotContain("http", "<script", "<link", "@import", "url(");
  }
}
