package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DonutTest {
  @TempDir private Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private FakeController controller;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void start() throws Exception {
    controller = new FakeController(directory);
  }

  @AfterEach
  void stop() {
    controller.close();
  }

  private static Ran execute(List<String> words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Donut.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(words.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran ask(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--socket");
    all.add(controller.socket.toString());
    return execute(all);
  }

  @Test
  void status_says_what_it_waits_for() {
    Ran ran = ask("status");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).isEqualTo("donut: not converged\n");
    assertThat(ran.out())
        .contains(
            "AS 4200000000", "converging", "waiting: edge1: 12 operations", "donut ratio 40.0 %");
  }

  @Test
  void json_writes_64_bit_numbers_as_numbers_and_unsigned() {
    Ran ran = ask("status", "-o", "json");

    assertThat(ran.out())
        .contains("\"total\": 10", "\"local_as\": 4200000000", "\"donut_ratio\": 0.4");
  }

  @Test
  void agents_shows_why_one_is_unreachable() {
    assertThat(ask("agents").out()).contains("unreachable", "edge1: connection refused");
  }

  @Test
  void neighbors_with_a_name_shows_the_last_error() {
    assertThat(ask("neighbors", "tier1a").out()).contains("Established", "hold timer expired");
  }

  @Test
  void neighbors_that_are_down_show_since_when_why_and_the_next_try() {
    String out = ask("neighbors").out();

    assertThat(out)
        .contains("4 (held 52s)")
        .containsPattern("NEIGHBOR +ROUTER +RELATION +AS +STATE +DOWN +REASON +NEXT TRY\n")
        .containsPattern(
            "tier1a/ipv6 +edge1 +transit +0 +Active +1[2-9]s +received Cease, Administrative"
                + " Shutdown: \"swap\" +3s \\(last: connection refused\\)")
        .containsPattern(
            "c3/ipv4 +edge1 +customer +0 +Idle \\(max-prefix\\) +5m0[0-9]s +ipv4: 4 prefixes, limit"
                + " 3: Cease 6/1 +4m10s, or once max-prefix is raised");
  }

  @Test
  void neighbors_with_a_name_shows_the_last_attempt_beside_the_reason() {
    assertThat(ask("neighbors", "tier1a").out())
        .contains(
            "down reason        received Cease, Administrative Shutdown: \"swap\"",
            "last attempt       connection refused",
            "next try           3s (last: connection refused)");
  }

  @Test
  void routes_mark_best_and_rejected_paths() {
    Ran ran = ask("routes");

    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .containsPattern("\\* +192.0.2.0/24 +tier1a")
        .contains(
            "(refused: as-loop: AS64500 is our own (expected: not in 64602 64500))", "4294967295");
  }

  @Test
  void routes_of_an_absent_prefix_end_with_1_and_a_way_on() {
    Ran ran = ask("routes", "203.0.113.0/24");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("no route for 203.0.113.0/24").contains("donut explain");
  }

  @Test
  void fib_of_a_prefix_marks_the_next_hop_in_use_and_the_dead_one() {
    assertThat(ask("fib", "edge1", "192.0.2.0/24").out())
        .contains("10.0.0.1%tier1a*, 10.0.0.5%edge2!");
  }

  @Test
  void fib_that_differs_from_intent_ends_with_1() {
    Ran ran = ask("fib", "edge1", "--drift");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("2 missing");
  }

  @Test
  void explain_shows_exits_and_why_others_lost() {
    Ran ran = ask("explain", "192.0.2.1");

    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains(
            "primary  tier1a (transit) at edge1, next hop 10.0.0.1 on tier1a",
            "longer AS path (3) than tier1a (2)");
  }

  @Test
  void explain_of_an_uncovered_address_ends_with_1() {
    Ran ran = ask("explain", "203.0.113.1");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("not forwarded");
  }

  @Test
  void coverage_with_a_hole_ends_with_1() {
    Ran ran = ask("coverage");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("198.51.100.0/24");
  }

  @Test
  void allow_removal_says_for_whom_for_how_long_and_what_was_refused() {
    assertThat(ask("allow-removal", "edge1", "--seconds", "90").out())
        .contains("edge1: removals allowed for 90 s (90 refused so far)");
    assertThat(ask("allow-removal").out()).contains("all: removals allowed for 60 s");
  }

  @Test
  void drain_and_undrain_say_what_they_did() {
    assertThat(ask("drain", "tier1a").out()).contains("tier1a: drained");
    assertThat(ask("undrain", "tier1a").out()).contains("tier1a: undrained");
  }

  @Test
  void an_override_is_asked_for_with_its_time_and_ended() {
    String prefix = "203.0.113.0/24";
    assertThat(ask("override", prefix, "--via", "tier1b", "--for", "1h30m").out())
        .contains(prefix + ": tier1b for 5400");
    assertThat(ask("override", prefix, "--end").out()).contains(prefix + ": ended");
    assertThat(ask("overrides").out()).contains("tier1b", "2m05s", "none: does not announce it");
  }

  @Test
  void watch_prints_events_until_count() {
    Ran ran = ask("watch", "--count", "2");

    assertThat(ran.out().lines()).hasSize(2).allMatch(line -> line.contains("tier1a"));
  }

  @Test
  void apply_reports_every_mistake_with_its_place_and_ends_with_2() throws Exception {
    Path file = Files.writeString(directory.resolve("p.yml"), "bad");

    Ran ran = ask("policy", "apply", file.toString());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).contains(file + ":3:5: relation: 'frend'");
    assertThat(ran.err()).contains("was not changed");
  }

  @Test
  void apply_says_what_changed() throws Exception {
    Path file = Files.writeString(directory.resolve("p.yml"), "as: 1");

    assertThat(ask("policy", "apply", file.toString()).out())
        .contains("price 0.3 -> 0.2", "applied, generation 7");
  }

  @Test
  void policy_show_prints_the_text() {
    assertThat(ask("policy", "show").out()).isEqualTo("as: 64500\n");
  }

  @Test
  void completion_prints_a_script_that_knows_every_command() {
    assertThat(execute(List.of("completion")).out()).contains("explain", "coverage", "undrain");
  }

  static Stream<Arguments> badInput() {
    return Stream.of(
        Arguments.of("explain 300.1.1.1", "expected: an IPv4 or IPv6 address"),
        Arguments.of("explain", "Missing required parameter"),
        Arguments.of("explain 192.0.2.1 --rooter x", "Unknown option"),
        Arguments.of("routes 10.0.0.1/24", "expected: 10.0.0.0/24"),
        Arguments.of("routes 10.0.0.0/33", "expected: 0..32"),
        Arguments.of("routes 10.0.0.0", "expected: address/length"),
        Arguments.of("routes --longer", "a PREFIX is missing"),
        Arguments.of("routes --advertised", "--neighbor NAME is missing"),
        Arguments.of("routes --limit -1", "expected: 0 or more"),
        Arguments.of("routes --limit many", "Invalid value"),
        Arguments.of("fib", "Missing required parameter"),
        Arguments.of("fib edge1 10.0.0.0/99", "expected: 0..32"),
        Arguments.of("coverage --limit 0", "expected: 1 or more"),
        Arguments.of("status -o xml", "Invalid value"),
        Arguments.of("agents extra", "nothing is expected behind that"),
        Arguments.of("neighbors a b", "nothing is expected behind that"),
        Arguments.of("drain", "Missing required parameter"),
        Arguments.of("undrain", "Missing required parameter"),
        Arguments.of("override 20.0.0.1/8 --end", "expected: 20.0.0.0/8"),
        Arguments.of("override 20.0.0.0/8 --via tier1a", "--for TIME are needed"),
        Arguments.of("override 20.0.0.0/8 --via tier1a --for 5", "such as 90s, 30m, 2h"),
        Arguments.of("override 20.0.0.0/8 --via tier1a --for -5m", "such as 90s, 30m, 2h"),
        Arguments.of("override 20.0.0.0/8 --end --for 5m", "--end: stands alone"),
        Arguments.of("watch --count x", "Invalid value"),
        Arguments.of("policy", "check, apply or show"),
        Arguments.of("policy check", "Missing required parameter"),
        Arguments.of("policy apply /nowhere.yml", "no such file"),
        Arguments.of("policy apply /", "is a directory"),
        Arguments.of("policy show extra", "nothing is expected behind that"),
        Arguments.of("status --controller nowhere", "expected: HOST:PORT"),
        Arguments.of("frobnicate", "no such command: 'frobnicate'"));
  }

  @ParameterizedTest
  @MethodSource("badInput")
  void bad_input_ends_with_2_and_one_line_that_says_what_is_expected(
      String words, String expected) {
    List<String> all = new ArrayList<>(List.of(words.split(" ")));
    if (!words.contains("--controller")
        && !words.equals("policy")
        && !words.equals("policy check")
        && !words.equals("frobnicate")) {
      all.add("--socket");
      all.add(controller.socket.toString());
    }

    Ran ran = execute(all);

    assertThat(ran.code()).as(ran.err()).isEqualTo(2);
    assertThat(ran.err()).startsWith("donut: ").contains(expected).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"drain nobody", "undrain nobody", "neighbors nobody", "fib nowhere"})
  void an_unknown_name_ends_with_1_and_names_what_is_known(String words) {
    Ran ran = ask(words.split(" "));

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("unknown").contains("known: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "agents",
        "neighbors",
        "routes",
        "fib edge1",
        "explain 192.0.2.1",
        "coverage",
        "policy show",
        "drain x",
        "undrain x",
        "watch"
      })
  void an_unreachable_controller_ends_with_3_and_one_line_that_says_what_to_do(String words) {
    List<String> all = new ArrayList<>(List.of(words.split(" ")));
    all.addAll(List.of("--socket", directory.resolve("absent.sock").toString()));

    Ran ran = execute(all);

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err())
        .contains("absent.sock: no such socket; is it running? Start one with `donut controller");
  }

  @Test
  void a_socket_that_nobody_listens_on_ends_with_3() throws Exception {
    controller.close();
    Files.deleteIfExists(controller.socket);
    Path dead = Files.createFile(directory.resolve("dead.sock"));

    Ran ran = execute(List.of("status", "--socket", dead.toString(), "--timeout", "2"));

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("dead.sock: connection refused; is it running?");
  }

  @Test
  void every_command_has_help_with_an_example() {
    CommandLine root = Donut.commandLine();

    List<String> without =
        root.getSubcommands().values().stream()
            .filter(command -> !command.getCommandSpec().usageMessage().hidden())
            .filter(command -> !command.getCommandName().equals("help"))
            .filter(command -> !command.getUsageMessage().contains("Example"))
            .map(CommandLine::getCommandName)
            .toList();

    assertThat(without).isEmpty();
  }
}
