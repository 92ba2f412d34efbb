package net.donut.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.donut.api.operator.v1.SpaceShares;
import net.donut.report.text.Pen;
import org.junit.jupiter.api.Test;

class CoverageRingTest {

  private static SpaceShares shares(double direct, double transit, double hole) {
    return SpaceShares.newBuilder().setDirect(direct).setTransit(transit).setHole(hole).build();
  }

  private static long count(List<String> lines, char glyph) {
    return lines.stream().flatMapToInt(String::chars).filter(c -> c == glyph).count();
  }

  @Test
  void families_are_side_by_side_with_their_figures() {
    Map<String, SpaceShares> families = new LinkedHashMap<>();
    families.put("IPv4", shares(0.423, 0.577, 0));
    families.put("IPv6", shares(0.25, 0.7, 0.05));

    List<String> lines = new CoverageRing(CoverageRing.Glyphs.ASCII, Pen.PLAIN).lines(families);

    assertThat(lines)
        .containsExactly(
            "       ---####           -xx####",
            "     -----######       ----x######                                               IPv4    IPv6",
            "    ---       ###     ---       ###    # direct: customers, peers, our own     42.3 %  25.0 %",
            "   ---- IPv4  ####   ---- IPv6  #---   - by transit                            57.7 %  70.0 %",
            "    ---       ###     ---       ---    x holes: no way at some router           0.0 %   5.0 %",
            "     -------####       -----------",
            "       -------           -------");
  }

  @Test
  void a_hole_is_seen_however_small() {
    var ring = new CoverageRing(CoverageRing.Glyphs.ASCII, Pen.PLAIN);

    // One more than in the legend.
    assertThat(count(ring.lines(Map.of("IPv4", shares(0.5, 0.4999, 0.0001))), 'x')).isEqualTo(2);
    assertThat(count(ring.lines(Map.of("IPv4", shares(0.5, 0.5, 0))), 'x')).isEqualTo(1);
  }

  @Test
  void slices_have_colours_on_a_terminal() {
    List<String> lines =
        new CoverageRing(CoverageRing.Glyphs.BLOCKS, Pen.COLOUR)
            .lines(Map.of("IPv4", shares(0.5, 0.5, 0)));

    assertThat(lines.getFirst()).contains("\u001b[32m\u2588\u001b[0m", "\u001b[33m\u2591\u001b[0m");
  }
}
