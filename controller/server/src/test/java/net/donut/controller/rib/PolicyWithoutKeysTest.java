package net.donut.controller.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import net.donut.controller.policy.PolicyReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyWithoutKeysTest {
  private static String policy(String md5) {
    return """
    as: 64500
    networks: [198.51.100.0/24]
    routers:
      edge1: {agent: "127.0.0.1:9340", router-id: 10.64.0.1}
    neighbors:
      tier1a:
        router: edge1
        as: 64601
        relation: transit
        interface: tier1a
        %s
        ipv4: {address: 100.64.1.2, local: 100.64.1.1, max-prefix: 1000}
    filters: {bogon-prefixes: false, bogon-asns: false}  # documentation numbers
    """
        .formatted(md5);
  }

  private static String recorded(String text) {
    PolicyReader.Reading reading = PolicyReader.read("donut.yaml", text);
    assertThat(reading.document()).as("%s", reading.problems()).isNotNull();
    return PolicyWithoutKeys.of(
        new ControllerRib.PolicyInUse(
            "donut.yaml", text, Objects.requireNonNull(reading.document()), 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "md5: s3cret",
        "md5: \"s3cret # with a mark\"",
        "md5: 's3cret, it''s one'",
        "\"md5\": s3cret of three words # a remark",
        "md5: s3cret, with a comma",
        "md5: |\n          s3cret",
        "md5: \"s3\\x63ret\"",
      })
  void no_key_is_recorded_however_it_is_written(String md5) {
    assertThat(recorded(policy(md5))).doesNotContain("ret").doesNotContain("comma");
  }

  @Test
  void a_policy_whose_keys_are_plain_stays_one() {
    assertThat(recorded(policy("md5: s3cret"))).isEqualTo(policy("md5: " + PolicyWithoutKeys.KEY));
  }

  @Test
  void a_policy_without_keys_is_recorded_as_it_is() {
    assertThat(recorded(policy("price: 0.3"))).isEqualTo(policy("price: 0.3"));
  }
}
