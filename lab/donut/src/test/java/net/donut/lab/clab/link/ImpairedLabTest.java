package net.donut.lab.clab.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.donut.fixtures.NeedsKernel;
import net.donut.fixtures.RunsAlone;
import net.donut.lab.clab.DeployedLab;
import net.donut.lab.clab.run.LabRecord;
import net.donut.lab.impair.Quality;
import net.donut.lab.impair.RelayPair;
import net.donut.lab.net.Command;
import net.donut.lab.net.Cut;
import net.donut.lab.net.Impairment;
import net.donut.lab.net.ImpairmentKind;
import net.donut.lab.net.Impairments;
import net.donut.lab.net.LabException;
import net.donut.lab.net.LabWire;
import net.donut.lab.net.Namespace;
import net.donut.lab.net.Pause;
import net.donut.netlink.NetworkNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Impairments by the means of a kernel without netem, as calibrations find them. Delays have lower
/// bounds only: a machine that has other work may add to them.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@NeedsKernel
@RunsAlone
class ImpairedLabTest {
  private static final String LINK = "a:eth1-b:eth1";
  private static final String TOPOLOGY =
      """
      name: x
      topology:
        defaults: {kind: linux, image: alpine}
        nodes: {a: {}, b: {}}
        links:
          - endpoints: ["a:eth1", "b:eth1"]
      """;

  @TempDir private Path directory;

  private DeployedLab lab;

  @BeforeEach
  void deploy() throws IOException {
    Path file = Files.writeString(directory.resolve("lab.clab.yml"), TOPOLOGY);
    lab = DeployedLab.deploy(file, "timp" + ProcessHandle.current().pid(), directory);
  }

  @AfterEach
  void destroy() {
    lab.close();
  }

  private CuttableLab links() {
    return new CuttableLab(DeployedLab.RUNTIME, LabRecord.require(lab.record().lab()));
  }

  /// With relays on threads of this process.
  private Impairments impairments() {
    return links().impairments(ImpairedLabTest::relay);
  }

  private static void relay(Namespace wires, LabWire wire, Impairment asked) {
    try (NetworkNamespace inside = NetworkNamespace.open(wires.name())) {
      inside.run(() -> RelayPair.start(wire, asked, inside.threadFactory("relay")));
    }
  }

  private List<Quality> found() {
    CalibratedLink calibrated = links().calibrate("a:b");
    return List.of(calibrated.found().forth(), calibrated.found().back());
  }

  @Test
  void a_wire_loses_nothing() {
    assertThat(found())
        .allSatisfy(quality -> {
          assertThat(quality.lossPercent()).isZero();
          assertThat(quality.rateBits()).isZero();
        });
  }

  @Test
  void delay_and_jitter_are_those_asked_for_until_they_are_cleared() {
    impairments()
        .impair(
            "a:b",
            Impairment.of(Map.of(ImpairmentKind.DELAY, "30ms", ImpairmentKind.JITTER, "5ms")));

    assertThat(found())
        .allSatisfy(quality -> {
          assertThat(quality.lossPercent()).isZero();
          assertThat(quality.delayP50()).isGreaterThan(Duration.ofMillis(28));
          assertThat(quality.delayP99()).isGreaterThan(Duration.ofMillis(33));
          assertThat(quality.jitter()).isGreaterThan(Duration.ofMillis(4));
        });

    impairments().impair("a:b", Impairment.NONE);

    assertThat(found())
        .allSatisfy(quality -> {
          assertThat(quality.lossPercent()).isZero();
          assertThat(quality.delayP50()).isLessThan(Duration.ofMillis(25));
        });
    assertThat(devices()).doesNotContain(": d0a", ": d0b");
  }

  private String devices() {
    return Command.run("ip", "-n", links().wire().name(), "-o", "link", "show");
  }

  @Test
  void loss_is_the_share_asked_for() {
    impairments().impair(LINK, Impairment.of(Map.of(ImpairmentKind.LOSS, "30%")));

    // 1,000 probes: the standard deviation is 1.5 %.
    assertThat(found())
        .allSatisfy(quality -> assertThat(quality.lossPercent()).isBetween(23.0, 37.0));
  }

  @Test
  void rate_is_the_most_that_comes_through() {
    impairments().impair(LINK, Impairment.of(Map.of(ImpairmentKind.RATE, "20mbit")));

    assertThat(found())
        .allSatisfy(quality -> {
          assertThat(quality.rateBits()).isBetween(10_000_000L, 20_400_000L);
          assertThat(quality.lossPercent()).isLessThan(1);
        });
  }

  @Test
  void a_cut_and_an_impairment_are_undone_in_any_order() {
    Impairment asked =
        Impairment.of(
            Map.of(
                ImpairmentKind.DELAY,
                "30ms",
                ImpairmentKind.LOSS,
                "30%",
                ImpairmentKind.RATE,
                "50mbit"));
    impairments().impair(LINK, asked);
    links().cuts().cut(LINK, Cut.Plain.ONE_WAY);

    List<Quality> cut = found();
    assertThat(cut.getFirst().lossPercent()).isEqualTo(100);
    assertThat(cut.getLast().lossPercent()).isBetween(23.0, 37.0);

    links().cuts().restore(LINK);
    assertThat(found())
        .allSatisfy(quality -> {
          assertThat(quality.lossPercent()).isBetween(23.0, 37.0);
          assertThat(quality.delayP50()).isGreaterThan(Duration.ofMillis(28));
        });

    links().cuts().cut(LINK, Cut.Plain.SILENT);
    impairments().impair(LINK, Impairment.NONE);
    assertThat(found()).allSatisfy(quality -> assertThat(quality.lossPercent()).isEqualTo(100));

    links().cuts().restore(LINK);
    assertThat(found()).allSatisfy(quality -> assertThat(quality.lossPercent()).isZero());
    assertThat(LabRecord.require(lab.record().lab()).faults().emulations()).isEmpty();
  }

  @Test
  void the_relay_is_a_process_that_ends_with_the_impairment() {
    links().impairments().impair(LINK, Impairment.of(Map.of(ImpairmentKind.DELAY, "30ms")));
    assertThat(relays()).isEqualTo(1);
    assertThat(found())
        .allSatisfy(quality -> assertThat(quality.delayP50()).isGreaterThan(Duration.ofMillis(29)));

    StringWriter text = new StringWriter();
    LinkList.of(lab.record(), links().cables()).print(new PrintWriter(text));
    assertThat(text.toString())
        .containsPattern("a:eth1-b:eth1 +up +up +9500 .*delay 30ms [(]relay[)]");

    links().impairments().impair(LINK, Impairment.NONE);
    Pause.until("the relay to end", Duration.ofSeconds(10), () -> relays() == 0);
  }

  /// Of this lab: those in its wire namespace that are told to be one.
  private long relays() {
    return links().wire().processes().stream()
        .filter(pid -> words(pid).containsAll(List.of("lab", "relay")))
        .count();
  }

  /// The command line of a process; nothing of one that has ended.
  private static List<String> words(long pid) {
    try {
      return List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\u0000"));
    } catch (IOException e) {
      return List.of();
    }
  }

  @Test
  void a_relay_that_cannot_start_leaves_a_wire_and_says_so() {
    Impairments failing =
        links()
            .impairments((_, _, _) -> {
              throw new LabException("the relay ended: no memory");
            });

    assertThatThrownBy(
            () -> failing.impair(LINK, Impairment.of(Map.of(ImpairmentKind.DELAY, "30ms"))))
        .hasMessage(
            "link a:eth1-b:eth1: delay 30ms: not on this machine: the relay ended: no memory");

    assertThat(links().impairments().active()).isEmpty();
    assertThat(found()).allSatisfy(quality -> assertThat(quality.lossPercent()).isZero());
  }
}
