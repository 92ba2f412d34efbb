package net.donut.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrefixesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.0/8 10.1.0.0/16 192.0.2.1/32", "2001:db8::/32 ::/0 2001:db8::1/128"})
  void a_slice_is_what_a_list_of_its_prefixes_is(String text) {
    List<Prefix> list = List.of(text.split(" ")).stream().map(Prefix::parse).toList();
    Prefixes all = Prefixes.copyOf(list.getFirst().family(), list);

    Prefixes slice = all.slice(1, 3);

    assertThat(slice).containsExactly(list.get(1), list.get(2));
    assertThat(slice).isEqualTo(Prefixes.of(list.get(1), list.get(2)));
    assertThat(slice).hasSameHashCodeAs(Prefixes.of(list.get(1), list.get(2)));
    assertThat(slice.slice(1, 2)).containsExactly(list.get(2));
    assertThat(all.slice(1, 1)).isEmpty();
    assertThat(all.slice(0, 3)).isSameAs(all);
    assertThatThrownBy(() -> slice.slice(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
