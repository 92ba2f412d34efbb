package net.donut.report.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void columns_are_as_wide_as_their_widest_cell_and_numbers_are_right_aligned() {
    TextTable table = new TextTable("NEIGHBOR", "ROUTES", "LOSS", "LINK");

    table.row("tier1a", "25,006", "0.0 %", "up").row("babulous-north", "2", "-", "DOWN");

    assertThat(table.lines())
        .containsExactly(
            "NEIGHBOR        ROUTES   LOSS  LINK",
            "tier1a          25,006  0.0 %  up",
            "babulous-north       2      -  DOWN");
  }

  @Test
  void a_column_without_a_single_number_is_text() {
    TextTable table = new TextTable("LINKS DOWN", "PRICE");

    table.row("", "free").row("", "free");

    assertThat(table.lines())
        .containsExactly("LINKS DOWN  PRICE", "-           free", "-           free");
  }

  @Test
  void marks_have_a_column_without_a_name_whose_empty_cells_stay_empty() {
    TextTable table = new TextTable("", "NEIGHBOR");

    table.row("*", "tier1a").row("", "tier1b");

    assertThat(table.indented(2).lines())
        .containsExactly("     NEIGHBOR", "  *  tier1a", "     tier1b");
  }

  @Test
  void colours_take_no_room_and_a_plain_pen_writes_none() {
    TextTable table = new TextTable("STATE", "SINCE");

    table.row(Ink.GOOD.of("up"), "1s").row(Ink.BAD.of("down"), "3m04s");

    assertThat(table.lines(Pen.COLOUR))
        .containsExactly(
            "STATE  SINCE", "\u001b[32mup\u001b[0m        1s", "\u001b[31mdown\u001b[0m   3m04s");
    assertThat(table.lines(Pen.PLAIN))
        .containsExactly("STATE  SINCE", "up        1s", "down   3m04s");
  }

  @Test
  void a_remark_on_a_number_stands_behind_it() {
    TextTable table = new TextTable("N", "ACCEPTED", "LINK");

    table.row("a", "25,006", "up").row("b", "4,889 (held 55s)", "DOWN");

    assertThat(table.lines())
        .containsExactly(
            "N  ACCEPTED             LINK",
            "a    25,006             up",
            "b     4,889 (held 55s)  DOWN");
  }

  @Test
  void a_row_has_as_many_cells_as_the_header() {
    TextTable table = new TextTable("STATE", "SINCE");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.row("up"))
        .withMessage("row: 1 cells (expected: 2)");
  }

  @Test
  void what_is_counted_has_thousands_marks() {
    assertThat(Thousands.marked(15_562)).isEqualTo("15,562");
    assertThat(Thousands.of(1, "prefix", "prefixes")).isEqualTo("1 prefix");
    assertThat(Thousands.of(20_124, "prefix", "prefixes")).isEqualTo("20,124 prefixes");
  }
}
