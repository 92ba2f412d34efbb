package net.donut.lab.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.donut.lab.net.Cut;
import net.donut.lab.run.DonutLab;
import net.donut.lab.topology.DonutTopology;
import net.donut.lab.topology.Topology;
import org.junit.jupiter.api.Test;

class SituationTest {
  private static final Topology DONUT = DonutTopology.create(Map.of());
  private static final Fault CUT = new Fault.CutLink("edge1-tier1a", Cut.Plain.FIBRE);
  private static final Fault KILL = new Fault.Kill(DonutLab.CONTROLLER);
  private static final long LATER = Situation.HEAL_NANOS;
  private static final List<String> TIER1S = List.of("tier1a", "tier1b");

  private final Situation situation = new Situation(DONUT);

  private boolean excuses(long now, boolean converged) {
    return situation.excuses(now, () -> converged);
  }

  @Test
  void a_dead_controller_excuses_no_lost_exit() {
    situation.begun(KILL, 0);

    assertThat(excuses(0, false)).isFalse();
  }

  @Test
  void half_open_connections_excuse_no_lost_exit_but_give_a_cut_more_time() {
    Fault halfOpen = new Fault.HalfOpen(DonutLab.agentOf("edge1"));
    situation.begun(halfOpen, 0);
    assertThat(excuses(0, false)).isFalse();

    situation.begun(CUT, 1);

    assertThat(excuses(10 * LATER, false)).isTrue();
  }

  @Test
  void a_reset_takes_the_exits_of_its_neighbor() {
    situation.begun(new Fault.Reset("tier1a"), 0);

    assertThat(excuses(LATER - 1, false)).isTrue();
    assertThat(situation.hasExit("edge1", List.of("tier1a"))).isFalse();
    assertThat(situation.hasExit("edge1", TIER1S)).isTrue();
  }

  @Test
  void a_cut_excuses_for_a_while_only_even_when_nothing_converges() {
    situation.begun(CUT, 0);

    assertThat(excuses(LATER - 1, false)).isTrue();
    assertThat(excuses(LATER, false)).isFalse();
  }

  @Test
  void a_cut_without_controller_excuses_until_the_control_plane_has_converged_again() {
    situation.begun(CUT, 0);
    situation.begun(KILL, 1);
    assertThat(excuses(10 * LATER, true)).isTrue();

    situation.ended(KILL, 10 * LATER);

    assertThat(excuses(11 * LATER - 1, true)).isTrue();
    assertThat(excuses(11 * LATER, false)).isTrue();
    assertThat(excuses(11 * LATER, true)).isFalse();
  }

  @Test
  void an_exit_counts_only_if_nobody_touched_the_link_and_the_neighbor() {
    assertThat(situation.hasExit("edge1", TIER1S)).isTrue();

    situation.begun(CUT, 0);
    assertThat(situation.hasExit("edge1", TIER1S)).isTrue();
    assertThat(situation.hasExit("edge1", List.of("tier1a"))).isFalse();

    situation.begun(new Fault.Restart("tier1b"), 0);
    assertThat(situation.hasExit("edge1", TIER1S)).isFalse();
  }

  @Test
  void an_exit_at_another_router_counts_only_if_the_way_there_is_untouched() {
    situation.begun(new Fault.CutLink("edge1-edge2", Cut.Plain.SILENT), 0);

    assertThat(situation.hasExit("edge1", List.of("tier1b"))).isFalse();
    assertThat(situation.hasExit("edge2", List.of("tier1b"))).isTrue();
  }

  @Test
  void a_way_over_a_dead_link_is_no_exit_until_it_is_restored() {
    ForwardingPath way =
        ForwardingPath.follow(DONUT, "edge2", at -> at.equals("edge2") ? "edge1" : "tier1a");
    assertThat(way)
        .isEqualTo(
            new ForwardingPath.Leaves(List.of("edge2", "edge1"), DONUT.link("edge1-tier1a")));
    assertThat(situation.isExit(way)).isTrue();

    situation.begun(CUT, 0);
    assertThat(situation.isExit(way)).isFalse();

    situation.ended(CUT, 1);
    assertThat(situation.isExit(way)).isTrue();
  }

  @Test
  void a_way_that_ends_or_circles_is_no_exit() {
    ForwardingPath circle =
        ForwardingPath.follow(DONUT, "edge2", at -> at.equals("edge2") ? "edge1" : "edge2");
    ForwardingPath sink = ForwardingPath.follow(DONUT, "edge2", _ -> "lo");

    assertThat(circle).isEqualTo(new ForwardingPath.Circles(List.of("edge2", "edge1", "edge2")));
    assertThat(sink).isEqualTo(new ForwardingPath.Ends(List.of("edge2")));
    assertThat(situation.isExit(circle)).isFalse();
    assertThat(situation.isExit(sink)).isFalse();
  }
}
