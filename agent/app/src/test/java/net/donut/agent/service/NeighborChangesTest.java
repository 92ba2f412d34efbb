package net.donut.agent.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.donut.api.NeighborChange;
import net.donut.api.agent.v1.Bfd;
import net.donut.api.agent.v1.ConfigureRequest;
import net.donut.api.agent.v1.Family;
import net.donut.api.agent.v1.Neighbor;
import net.donut.bgp.SessionChange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a plan says of a change is what the agent does with it.
class NeighborChangesTest {
  private static final Neighbor BEFORE =
      Neighbor.newBuilder()
          .setName("t1/ipv4")
          .setAddress("10.1.1.2")
          .setLocalAddress("10.1.1.1")
          .setInterface("eth0")
          .setRemoteAs(64601)
          .addFamilies(Family.FAMILY_IPV4)
          .build();

  private static Object other(FieldDescriptor field) {
    return switch (field.getName()) {
      case "address", "local_address", "next_hop_ipv4" -> "10.1.1.99";
      case "next_hop_ipv6" -> "2001:db8::99";
      case "role" -> "peer";
      case "families" -> List.of(Family.FAMILY_IPV6.getValueDescriptor());
      case "bfd" -> Bfd.newBuilder().setIntervalMicros(50_000).setMultiplier(3).build();
      default ->
          switch (field.getJavaType()) {
            case STRING -> "other";
            case INT -> 60;
            case BOOLEAN -> true;
            default -> throw new IllegalStateException(field + ": add another value here");
          };
    };
  }

  static Stream<String> fields() {
    List<String> fields = new ArrayList<>();
    for (FieldDescriptor field : Neighbor.getDescriptor().getFields()) {
      if (!field.getName().equals("name")) {
        fields.add(field.getName());
      }
    }
    return fields.stream();
  }

  @ParameterizedTest
  @MethodSource("fields")
  void a_change_resets_the_session_where_the_comparison_says_so(String name) {
    FieldDescriptor field = Neighbor.getDescriptor().findFieldByName(name);
    Neighbor after = BEFORE.toBuilder().setField(field, other(field)).build();

    boolean planned = NeighborChange.between(BEFORE, after) instanceof NeighborChange.Reset;

    assertThat(
            SessionChange.between(settings(BEFORE).bgp(), settings(after).bgp())
                instanceof SessionChange.Reset)
        .as(name)
        .isEqualTo(planned);
  }

  private static NeighborSettings settings(Neighbor neighbor) {
    ConfigMapping.Parsed parsed =
        ConfigMapping.parse(
            ConfigureRequest.newBuilder()
                .setLocalAs(64500)
                .setRouterId("10.0.0.1")
                .addNeighbors(neighbor)
                .build());
    assertThat(parsed.errors()).isEmpty();
    return parsed.neighbors().getFirst();
  }
}
