package net.donut.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import net.donut.model.Prefix;
import org.junit.jupiter.api.Test;

class StormDrawTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());
  private static final List<Prefix> PREFIXES =
      List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8:701::/48"));

  private static List<Disturbance> storms(long seed) {
    StormDraw draw = new StormDraw(DONUT, PREFIXES, seed);
    List<Disturbance> all = new ArrayList<>();
    for (int storm = 0; storm < 200; storm++) {
      all.addAll(draw.next());
    }
    return all;
  }

  @Test
  void a_seed_gives_the_same_storms_every_time_and_another_seed_others() {
    assertThat(storms(7)).isEqualTo(storms(7)).isNotEqualTo(storms(8));
  }

  @Test
  void every_fault_is_drawn_but_the_one_that_breaks_an_invariant() {
    assertThat(storms(1))
        .extracting(each -> (Object) each.fault().getClass())
        .contains(
            Fault.Kill.class,
            Fault.Freeze.class,
            Fault.Partition.class,
            Fault.HalfOpen.class,
            Fault.CutLink.class,
            Fault.Restart.class,
            Fault.Reset.class,
            Fault.LoseRoute.class,
            Fault.LoseGroup.class,
            Fault.FullDisk.class,
            Fault.Detour.class)
        .doesNotContain(Fault.Blackhole.class);
  }

  @Test
  void a_storm_does_one_fault_to_a_target() {
    StormDraw draw = new StormDraw(DONUT, PREFIXES, 3);
    for (int storm = 0; storm < 200; storm++) {
      assertThat(draw.next()).extracting(each -> each.fault().target()).doesNotHaveDuplicates();
    }
  }

  @Test
  void what_is_written_is_read_again() {
    List<Disturbance> drawn = new ArrayList<>(storms(5));
    drawn.add(Disturbance.parse(List.of("9 100 200 blackhole edge1 192.0.2.0/24"), DONUT).get(0));
    List<String> lines = new ArrayList<>(List.of("# a comment", ""));
    drawn.forEach(each -> lines.add(each.toString()));

    assertThat(Disturbance.parse(lines, DONUT)).isEqualTo(drawn);
  }

  @Test
  void a_line_that_cannot_be_done_says_what_was_expected() {
    assertThatThrownBy(() -> Disturbance.parse(List.of("1 0 5 kill edge9-agent"), DONUT))
        .hasMessage(
            "'1 0 5 kill edge9-agent': program: 'edge9-agent' (expected one of: edge1-agent,"
                + " edge2-agent, controller)");
    assertThatThrownBy(() -> Disturbance.parse(List.of("1 x 5 kill controller"), DONUT))
        .hasMessage("'1 x 5 kill controller': number: 'x' (expected: 0..99999999)");
    assertThatThrownBy(() -> Disturbance.parse(List.of("1 0 5 flood edge1"), DONUT))
        .hasMessageContaining("fault: 'flood' (expected: kill, freeze,");
  }
}
