package net.donut.controller.southbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import net.donut.api.agent.v1.HelloResponse;
import net.donut.api.agent.v1.StateEvent;
import net.donut.model.AsPath;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import net.donut.model.Prefixes;
import net.donut.model.record.RecordingException;
import net.donut.model.table.SharedAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReportCodecTest {
  private static List<Report> reports() {
    return List.of(
        new Report.Connected(
            "edge1", 7, HelloResponse.newBuilder().setVersion("0.1.0-SNAPSHOT").build()),
        new Report.Configured("edge1"),
        new Report.Disconnected("edge2", "Hello: no answer"),
        new Report.Inventory("edge1", 12),
        new Report.State("edge1", StateEvent.newBuilder().setNotice("late").build()),
        new Report.KernelVerdicts(
            "edge1",
            List.of(
                new Report.KernelVerdict(Prefix.parse("20.0.0.0/16"), "gone"),
                new Report.KernelVerdict(Prefix.parse("2001:db8::/32"), ""))),
        new Report.Notice("edge1", "told"));
  }

  @ParameterizedTest
  @MethodSource("reports")
  void a_report_is_read_as_it_was_written(Report report) {
    assertThat(ReportCodec.readReport(ByteBuffer.wrap(ReportCodec.write(report))))
        .isEqualTo(report);
  }

  @Test
  void routes_are_read_as_they_were_written_with_an_attribute_set_once() {
    SharedAttributes path =
        new SharedAttributes(
            PathAttributes.of(Origin.IGP, AsPath.EMPTY, IpAddress.parse("100.64.1.2")));
    Prefixes one = Prefixes.of(Prefix.parse("20.0.0.0/16"));
    Prefixes other = Prefixes.of(Prefix.parse("20.1.0.0/16"));
    Report.Routes batch =
        new Report.Routes(
            "edge1",
            7,
            "tier1a/ipv4",
            2,
            List.of(
                new Report.Heard(path, one),
                new Report.Heard(null, other),
                new Report.Heard(path, other)),
            List.of(Family.IPV4),
            List.of(Family.IPV6),
            Report.Membership.CONFIGURED);

    Report.Routes read = ReportCodec.readRoutes(ByteBuffer.wrap(ReportCodec.write(batch)));

    assertThat(read).usingRecursiveComparison().ignoringFields("heard").isEqualTo(batch);
    assertThat(read.heard()).extracting(Report.Heard::prefixes).containsExactly(one, other, other);
    SharedAttributes first = Objects.requireNonNull(read.heard().getFirst().attributes());
    assertThat(first).isSameAs(read.heard().getLast().attributes());
    assertThat(first.attributes()).isEqualTo(path.attributes());
    assertThat(read.heard().get(1).attributes()).isNull();
  }

  @Test
  void progress_is_read_as_it_was_written() {
    Report.Progress progress =
        new Report.Progress("edge1", Report.Phase.SYNCED, 9, 577, 1, 2, 3, 4, 5, 6, "no room");

    assertThat(ReportCodec.readProgress(ByteBuffer.wrap(ReportCodec.write(progress))))
        .isEqualTo(progress);
  }

  @Test
  void what_is_cut_or_of_an_unknown_kind_is_refused() {
    byte[] bytes = ReportCodec.write(new Report.Notice("edge1", "told"));

    assertThatThrownBy(() ->
            ReportCodec.readReport(ByteBuffer.wrap(bytes, 0, bytes.length - bytes.length / 2)))
        .isInstanceOf(RecordingException.class);
    bytes[0] = 99;
    assertThatThrownBy(() -> ReportCodec.readReport(ByteBuffer.wrap(bytes)))
        .isInstanceOf(RecordingException.class)
        .hasMessageContaining("kind 99");
  }
}
