package net.donut.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import net.donut.lab.bench.FailoverResult.Case;
import net.donut.lab.bench.FailoverResult.Destination;
import net.donut.lab.bench.FailoverResult.Phases;
import net.donut.lab.bench.FailoverResult.Trial;
import net.donut.model.Family;
import org.junit.jupiter.api.Test;

class FailoverReportTest {
  private static Trial trial(int number, double gapMs, String... problems) {
    return new Trial(
        number,
        List.of(problems),
        List.of(
            new Destination("192.0.2.1", 2_000, 0, 0.5, 0, 0),
            new Destination("198.51.100.1", 2_000, (long) (2 * gapMs), gapMs, gapMs, 0.1)),
        new Phases(gapMs / 4, gapMs * 3 / 4, 7),
        0,
        1_000,
        0.8);
  }

  private static Case ofCase(String system, FailureKind kind, int routes, Trial... trials) {
    return new Case(system, "1.0", "as installed", kind, routes, List.of(trials));
  }

  private static FailoverResult result(List<Case> cases) {
    FailoverOptions options =
        new FailoverOptions(
            "t",
            List.of(1_000, 10_000),
            List.of(FailureKind.FIBRE),
            List.of("donut", "bird"),
            Family.IPV4,
            30,
            5,
            Duration.ofMinutes(1),
            8,
            2_000,
            1,
            null,
            Path.of("logs"));
    return new FailoverResult(options, "a machine", "1,000 prefixes", cases);
  }

  private static Trial[] gaps(double... values) {
    List<Trial> trials = new ArrayList<>();
    for (double value : values) {
      trials.add(trial(trials.size() + 1, value));
    }
    return trials.toArray(Trial[]::new);
  }

  private final Case ours =
      ofCase("donut", FailureKind.FIBRE, 1_000, trial(1, 2), trial(2, 400, "busy"), trial(3, 4));
  private final Case late = ofCase("donut", FailureKind.FIBRE, 10_000, gaps(1, 6));
  private final Case theirs = ofCase("bird", FailureKind.FIBRE, 1_000, gaps(900, 1_100));

  @Test
  void a_trial_that_does_not_count_is_kept_and_not_counted() throws IOException {
    JsonNode json = new ObjectMapper().readTree(FailoverJson.write(result(List.of(ours))));
    JsonNode row = json.path("results").path(0);

    assertThat(row.path("trials").asInt()).isEqualTo(3);
    assertThat(row.path("valid").asInt()).isEqualTo(2);
    assertThat(row.path("worst_gap_ms").path("max").asDouble()).isEqualTo(4);
    assertThat(row.path("worst_gap_ms").path("p50").asDouble()).isEqualTo(2);
    assertThat(row.path("lost_max").asInt()).isEqualTo(8);
    assertThat(row.path("probe_interval_us").asInt()).isEqualTo(500);
    assertThat(row.path("each_trial").path(1).path("problems").path(0).asText()).isEqualTo("busy");
  }

  @Test
  void a_bench_goes_on_from_what_it_wrote() {
    FailoverResult result = result(List.of(ours, late, theirs));

    assertThat(FailoverJson.cases(FailoverJson.write(result), result.options()))
        .isEqualTo(result.cases());
  }

  @Test
  void a_bench_does_not_go_on_from_figures_of_other_conditions() {
    FailoverResult result = result(List.of(ours));
    String other = FailoverJson.write(result).replace("\"rate\" : 2000", "\"rate\" : 10000");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FailoverJson.cases(other, result.options()))
        .withMessageContaining("rate 10000")
        .withMessageContaining("expected")
        .withMessageContaining("rate 2000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FailoverJson.cases("{", result.options()))
        .withMessageStartingWith("no JSON: ");
  }

  @Test
  void quantiles_are_values_that_were_measured() {
    double[] ten = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

    assertThat(FailoverResult.quantile(0, ten)).isEqualTo(1);
    assertThat(FailoverResult.quantile(0.5, ten)).isEqualTo(5);
    assertThat(FailoverResult.quantile(0.95, ten)).isEqualTo(10);
    assertThat(FailoverResult.quantile(0.5)).isNaN();
  }

  @Test
  void detect_and_kernel_add_up_to_the_outage() {
    long failed = 5_000_000;
    Phases heard = Phases.of(failed, 25_000_000, 10_000_000, 40_000_000);
    assertThat(heard).isEqualTo(new Phases(5, 15, 15));

    Phases unheard = Phases.of(failed, 25_000_000, 0, 0);
    assertThat(unheard).isEqualTo(new Phases(20, 0, 0));

    Phases late = Phases.of(failed, 25_000_000, 26_000_000, 26_000_000);
    assertThat(late.detect() + late.kernel()).isCloseTo(20, within(0.001));
  }

  @Test
  void a_missed_target_fails_its_test_case_and_others_have_none() {
    String xml = FailoverReport.junit(result(List.of(ours, late, theirs)));

    assertThat(xml).contains("tests=\"2\" failures=\"1\"");
    assertThat(xml).contains("longest gap 6.0 ms (expected: at most 5.0 ms)");
  }

  @Test
  void a_case_without_a_trial_that_counts_is_not_complete() {
    Case none = ofCase("donut", FailureKind.FIBRE, 1_000, trial(1, 2, "busy"));

    assertThat(result(List.of(ours, theirs)).complete()).isTrue();
    assertThat(result(List.of(ours, none)).complete()).isFalse();
    assertThat(FailoverReport.lines(result(List.of(none))).getLast()).contains("0/1");
  }

  @Test
  void the_page_has_a_line_a_system_and_needs_nothing_from_outside() {
    String page = FailoverPage.of(result(List.of(ours, late, theirs)));

    assertThat(page).contains("donut fibre").contains("bird fibre").contains("the worst trial");
    assertThat(page).doesNotContain("http:").doesNotContain("https:").doesNotContain("NaN");
  }

  /// The names under the first chart: those of its lines.
  private static List<String> legend(String page) {
    String chart = page.substring(page.indexOf("<svg"), page.indexOf("</svg>"));
    return Pattern.compile("text-anchor=\"start\">([a-z]+ [a-z-]+)</text>")
        .matcher(chart)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static void assertEveryRowHasItsLine(FailoverResult result) {
    String page = FailoverPage.of(result);
    String chart = page.substring(page.indexOf("<svg"), page.indexOf("</svg>"));
    List<String> rows =
        result.cases().stream()
            .filter(each -> !each.valid().isEmpty())
            .map(each -> each.system() + " " + each.kind().word())
            .distinct()
            .toList();

    assertThat(legend(page)).containsExactlyInAnyOrderElementsOf(rows);
    assertThat(chart.split("<polyline").length - 1).isEqualTo(rows.size());
    assertThat(chart).doesNotContain("points=\"\"");
  }

  @Test
  void every_system_and_kind_of_the_table_has_a_line_whatever_the_last_bench_was_asked_for() {
    Case others = ofCase("frr", FailureKind.SILENT, 1_000, gaps(7));

    assertEveryRowHasItsLine(result(List.of(ours, late, theirs, others)));
  }

  private static Path docs(String name) {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/bench"))) {
      directory = Objects.requireNonNull(directory.getParent());
    }
    return directory.resolve("docs/bench").resolve(name);
  }

  /// With `-Ddonut.docs.write=true` it writes the page.
  @Test
  void the_page_among_the_documents_is_that_of_the_figures_beside_it() throws IOException {
    FailoverResult result = FailoverJson.read(Files.readString(docs("failover.json")));
    String page = FailoverPage.of(result);
    if (Boolean.getBoolean("donut.docs.write")) {
      Files.writeString(docs("failover.html"), page);
    }

    assertEveryRowHasItsLine(result);
    assertThat(Files.readString(docs("failover.html")).equals(page))
        .as(
            "docs/bench/failover.html is of its JSON (else: run this test with -Ddonut.docs.write=true)")
        .isTrue();
  }
}
