package net.donut.agent.gribi;

import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_ACK;
import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK;
import static net.donut.agent.gribi.AftOperations.DEFAULT;
import static net.donut.agent.gribi.AftOperations.delete;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.label;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTResult;
import gribi.Gribi.AFTType;
import gribi.Gribi.Empty;
import gribi.Gribi.FlushRequest;
import gribi.Gribi.FlushResponseError;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.SessionParameters;
import gribi.Gribi.Uint128;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import net.donut.agent.fib.TestNamespace;
import net.donut.fixtures.Eventually;
import net.donut.fixtures.NeedsKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Behaviours of the gRIBI service that the public suite does not ask for.
@NeedsKernel
class GribiSessionTest {
  private final TestNamespace namespace = new TestNamespace();
  private final TestAgent agent = new TestAgent(namespace, ForwardReferences.REJECT);

  @AfterEach
  void stop() {
    agent.close();
    namespace.close();
  }

  private GribiClient client(SessionParameters.AFTResultStatusType ackType, long high, long low) {
    GribiClient client = new GribiClient(agent.channel());
    client.sendParams(GribiClient.supported(ackType)).announce(high, low).awaitResponses(2);
    return client;
  }

  @Test
  void election_ids_are_128_bits_unsigned() {
    GribiClient a = client(RIB_ACK, 0, -1);
    GribiClient b = client(RIB_ACK, 1, 0);
    GribiClient c = client(RIB_ACK, 0, 7);

    assertThat(a.run(nextHop(1))).isEqualTo("FAILED");
    assertThat(b.run(nextHop(1))).isEqualTo("RIB_PROGRAMMED");
    assertThat(c.awaitElectionId()).isEqualTo(Uint128.newBuilder().setHigh(1).setLow(0).build());
  }

  @Test
  void a_client_that_vanishes_leaves_its_entries_and_no_claim_on_parameters() {
    GribiClient a = client(RIB_ACK, 0, 1);
    a.run(nextHop(1, "192.0.2.1"), group(1, 1), ipv4("10.0.0.0/8", 1));
    ManagedChannel lost = agent.anotherChannel();
    GribiClient vanishing = new GribiClient(lost);
    vanishing.sendParams(GribiClient.supported(RIB_ACK)).announce(0, 2).awaitResponses(2);
    for (int i = 0; i < 200; i++) {
      vanishing.operate(ipv4("20." + i + ".0.0/16", 1));
    }

    lost.shutdownNow();
    a.close();

    Eventually.until(
        "another acknowledgement type is negotiated",
        () -> {
          GribiClient next = new GribiClient(agent.channel());
          next.sendParams(GribiClient.supported(RIB_AND_FIB_ACK));
          Eventually.until(
              "an answer", () -> !next.responses().isEmpty() || next.failure() != null);
          return next.failure() == null;
        });
    GribiClient reader = new GribiClient(agent.channel());
    assertThat(reader.get(DEFAULT, AFTType.IPV4))
        .anyMatch(entry -> entry.getIpv4().getPrefix().equals("10.0.0.0/8"));
  }

  @Test
  void a_route_of_another_program_is_fib_failed_with_its_owner() {
    namespace.ip("route add 10.0.0.0/8 dev lo metric 20 proto static");
    GribiClient client = client(RIB_AND_FIB_ACK, 0, 1);
    client.run(nextHop(1, "192.0.2.1"), group(1, 1));

    long id = client.operate(ipv4("10.0.0.0/8", 1));

    AFTResult result = client.awaitResult(id);
    assertThat(result.getStatus()).isEqualTo(AFTResult.Status.FIB_FAILED);
    assertThat(result.getErrorDetails().getErrorMessage()).contains("10.0.0.0/8", "static");
    assertThat(result.getTimestamp()).isPositive();
    assertThat(client.get(DEFAULT, AFTType.IPV4))
        .singleElement()
        .extracting(entry -> entry.getRibStatus() + " " + entry.getFibStatus())
        .isEqualTo("PROGRAMMED NOT_PROGRAMMED");
    assertThat(client.run(delete(ipv4("10.0.0.0/8", 1)))).isEqualTo("FIB_PROGRAMMED");
    assertThat(namespace.ip("route show 10.0.0.0/8")).contains("static");
  }

  @Test
  void labels_are_accepted_and_said_not_to_be_in_the_fib() {
    GribiClient client = client(RIB_AND_FIB_ACK, 0, 1);

    assertThat(client.run(nextHop(1, "192.0.2.1"), group(1, 1), label(16, 1)))
        .isEqualTo("FIB_PROGRAMMED FIB_PROGRAMMED FIB_FAILED");
  }

  @Test
  void leaves_that_are_not_modelled_are_read_back() {
    GribiClient client = client(RIB_ACK, 0, 1);
    AFTOperation.Builder prefix = ipv4("10.0.0.0/8", 1);
    prefix
        .getIpv4Builder()
        .getIpv4EntryBuilder()
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(
                    123_456_789,
                    UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFromUtf8("kept"))
                        .build())
                .build());

    client.run(nextHop(1, "192.0.2.1"), group(1, 1), prefix);

    assertThat(client.get(DEFAULT, AFTType.IPV4))
        .singleElement()
        .extracting(entry -> entry.getIpv4())
        .isEqualTo(prefix.getIpv4());
  }

  @Test
  void an_operation_before_an_election_id_ends_the_stream() throws Exception {
    GribiClient client = new GribiClient(agent.channel());
    client.sendParams(GribiClient.supported(RIB_ACK));

    client.send(ModifyRequest.newBuilder().addOperation(nextHop(1).setId(1)).build());

    assertThat(client.awaitFault()).isEqualTo("FAILED_PRECONDITION UNKNOWN");
  }

  @Test
  void an_operation_without_parameters_meets_unsupported_defaults() throws Exception {
    GribiClient client = new GribiClient(agent.channel());

    client.operate(nextHop(1));

    assertThat(client.awaitFault()).isEqualTo("UNIMPLEMENTED UNSUPPORTED_PARAMS");
  }

  @Test
  void an_election_id_without_parameters_is_refused() throws Exception {
    GribiClient client = new GribiClient(agent.channel()).announce(0, 1);

    assertThat(client.awaitFault()).isEqualTo("FAILED_PRECONDITION ELECTION_ID_IN_ALL_PRIMARY");
  }

  @Test
  void refusals_of_flush_say_which_of_the_reasons_it_is() throws Exception {
    GribiClient client = new GribiClient(agent.channel());
    FlushRequest.Builder all = FlushRequest.newBuilder().setAll(Empty.getDefaultInstance());
    Uint128 one = Uint128.newBuilder().setLow(1).build();
    Empty override = Empty.getDefaultInstance();

    assertThat(flushFault(client, all.clone().setId(one)))
        .isEqualTo("FAILED_PRECONDITION ELECTION_ID_IN_ALL_PRIMARY");
    client(RIB_ACK, 0, 5);
    assertThat(flushFault(client, all.clone()))
        .isEqualTo("FAILED_PRECONDITION UNSPECIFIED_ELECTION_BEHAVIOR");
    assertThat(flushFault(client, all.clone().setId(one)))
        .isEqualTo("FAILED_PRECONDITION NOT_PRIMARY");
    assertThat(flushFault(client, all.clone().setId(Uint128.getDefaultInstance())))
        .isEqualTo("INVALID_ARGUMENT INVALID_ELECTION_ID");
    assertThat(flushFault(client, FlushRequest.newBuilder().setOverride(override).setName("")))
        .isEqualTo("INVALID_ARGUMENT INVALID_NETWORK_INSTANCE");
    assertThat(flushFault(client, FlushRequest.newBuilder().setOverride(override).setName("no")))
        .isEqualTo("INVALID_ARGUMENT NO_SUCH_NETWORK_INSTANCE");
  }

  private static String flushFault(GribiClient client, FlushRequest.Builder request)
      throws Exception {
    try {
      return client.flush(request).toString();
    } catch (StatusRuntimeException e) {
      com.google.rpc.Status status = StatusProto.fromThrowable(e);
      return e.getStatus().getCode()
          + " "
          + status.getDetails(0).unpack(FlushResponseError.class).getStatus();
    }
  }

  @Test
  void refusals_of_get_are_invalid_arguments() {
    GribiClient client = new GribiClient(agent.channel());

    assertThatThrownBy(() -> client.get("", AFTType.ALL)).hasMessageContaining("INVALID_ARGUMENT");
    assertThatThrownBy(() -> client.get(DEFAULT, AFTType.INVALID))
        .hasMessageContaining("INVALID_ARGUMENT");
    assertThatThrownBy(() -> client.get(DEFAULT, AFTType.MAC))
        .hasMessageContaining("UNIMPLEMENTED");
  }

  @Test
  void of_two_racing_clients_only_the_higher_moves_routes() {
    GribiClient low = client(RIB_ACK, 0, 1);
    low.run(nextHop(1, "192.0.2.1"), group(1, 1), group(2, 1));
    GribiClient high = new GribiClient(agent.channel());
    long firstLow = low.operate(ipv4("10.0.0.0/8", 1));
    high.sendParams(GribiClient.supported(RIB_ACK)).announce(0, 2);
    long firstHigh = high.operate(ipv4("10.0.0.0/8", 2));
    for (int i = 0; i < 300; i++) {
      low.operate(ipv4("10.0.0.0/8", 1));
    }

    high.awaitResult(firstHigh);
    low.awaitResult(firstLow + 300);

    assertThat(high.resultsOf(firstHigh))
        .extracting(AFTResult::getStatus)
        .containsExactly(AFTResult.Status.RIB_PROGRAMMED);
    assertThat(low.awaitResult(firstLow + 300).getStatus()).isEqualTo(AFTResult.Status.FAILED);
    assertThat(low.get(DEFAULT, AFTType.IPV4))
        .singleElement()
        .extracting(entry -> entry.getIpv4().getIpv4Entry().getNextHopGroup().getValue())
        .isEqualTo(2L);
    assertThat(List.of(low.resultCount(), high.resultCount())).containsExactly(304, 1);
  }
}
