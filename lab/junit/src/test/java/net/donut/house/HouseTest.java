package net.donut.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the checkout to what `./donut house` printed when these numbers were written down. A
/// change that makes one worse mends it; one that makes it better may tighten the number.
final class HouseTest {
  private static House house;

  @BeforeAll
  static void measures_the_checkout() throws IOException {
    house = House.of(House.root());
  }

  @Test
  void a_type_name_is_used_once() {
    assertThat(house.namesUsedTwice()).isEmpty();
  }

  @Test
  void no_more_nested_types_are_named_as_a_type_of_another_file() {
    assertThat(house.nestedNamesakes()).hasSizeLessThanOrEqualTo(47);
  }

  @Test
  void every_public_type_says_what_it_is() {
    assertThat(house.publicTypesWithoutJavadoc()).isEmpty();
  }

  @Test
  void methods_are_short() {
    House.Spread methods = house.methods();

    assertThat(methods.median()).isLessThanOrEqualTo(6);
    assertThat(methods.p90()).isLessThanOrEqualTo(19);
    assertThat(methods.largest()).as(methods.where()).isLessThanOrEqualTo(61);
  }

  @Test
  void files_have_one_job() {
    House.Spread files = house.files();

    assertThat(files.median()).isLessThanOrEqualTo(80);
    assertThat(files.p90()).isLessThanOrEqualTo(252);
    assertThat(files.largest()).as(files.where()).isLessThanOrEqualTo(810);
  }

  @Test
  void little_is_said_twice() {
    assertThat(house.repeatedPerThousand()).isLessThanOrEqualTo(7);
  }

  @Test
  void markdown_keeps_to_its_width() {
    assertThat(house.wideMarkdown()).isEmpty();
  }
}
