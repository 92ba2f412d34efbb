package net.donut.agent.gribi;

import static gribi.Gribi.SessionParameters.AFTPersistence.DELETE;
import static gribi.Gribi.SessionParameters.AFTPersistence.PRESERVE;
import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_ACK;
import static gribi.Gribi.SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK;
import static gribi.Gribi.SessionParameters.ClientRedundancy.ALL_PRIMARY;
import static gribi.Gribi.SessionParameters.ClientRedundancy.SINGLE_PRIMARY;
import static net.donut.agent.gribi.AftOperations.DEFAULT;
import static net.donut.agent.gribi.AftOperations.delete;
import static net.donut.agent.gribi.AftOperations.group;
import static net.donut.agent.gribi.AftOperations.ipv4;
import static net.donut.agent.gribi.AftOperations.ipv6;
import static net.donut.agent.gribi.AftOperations.label;
import static net.donut.agent.gribi.AftOperations.nextHop;
import static net.donut.agent.gribi.AftOperations.replace;
import static net.donut.agent.gribi.TestAgent.OTHER_INSTANCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import gribi.Gribi.AFTEntry;
import gribi.Gribi.AFTOperation;
import gribi.Gribi.AFTType;
import gribi.Gribi.Empty;
import gribi.Gribi.FlushRequest;
import gribi.Gribi.FlushResponse;
import gribi.Gribi.FlushResponseError;
import gribi.Gribi.ModifyRequest;
import gribi.Gribi.SessionParameters;
import gribi.Gribi.SessionParametersResult;
import gribi.Gribi.Uint128;
import gribi_aft.GribiAft.Afts;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import net.donut.agent.fib.TestNamespace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The cases of the public compliance suite that hold with and without forward references, numbered
/// as there. One agent serves all; every case ends with a Flush, as there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GribiConformanceCases {
  private static final byte[] METADATA = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final String RIB = "RIB_PROGRAMMED";
  private static final String FIB = "FIB_PROGRAMMED";

  private final ForwardReferences mode;
  private final TestNamespace namespace = new TestNamespace();
  private final TestAgent agent;
  private final List<GribiClient> clients = new ArrayList<>();
  private long electionId = 1;

  GribiConformanceCases(ForwardReferences mode) {
    this.mode = mode;
    this.agent = new TestAgent(namespace, mode);
  }

  @BeforeAll
  void agentIsInTheWantedMode() {
    assertThat(mode).isNotNull();
  }

  @AfterEach
  void flush() {
    try (GribiClient client = new GribiClient(agent.channel())) {
      assertThat(client.flushAll().getResult()).isEqualTo(FlushResponse.Result.OK);
    }
    clients.forEach(GribiClient::close);
    clients.clear();
    assertThat(namespace.ip("nexthop show proto 64")).doesNotContain("group").doesNotContain("via");
    assertThat(namespace.ip("route show table all proto 64")).isEmpty();
  }

  @AfterAll
  void stop() {
    agent.close();
    namespace.close();
  }

  // ---- steps of the cases

  GribiClient client() {
    GribiClient client = new GribiClient(agent.channel());
    clients.add(client);
    return client;
  }

  /// A client that has negotiated and is primary with the next election id.
  GribiClient primary(SessionParameters.AFTResultStatusType ackType) {
    GribiClient client = client().sendParams(GribiClient.supported(ackType));
    client.announce(0, electionId++);
    client.awaitResponses(2);
    return client;
  }

  static String word(SessionParameters.AFTResultStatusType ackType) {
    return ackType == RIB_ACK ? RIB : FIB;
  }

  static String words(SessionParameters.AFTResultStatusType ackType, int count) {
    return (word(ackType) + " ").repeat(count).trim();
  }

  static AFTOperation.Builder[] base() {
    return new AFTOperation.Builder[] {
      nextHop(1, "192.0.2.3"), nextHop(2, "192.0.2.5"), group(1, 1, 2), ipv4("1.0.0.0/8", 1)
    };
  }

  private static AFTOperation.Builder[] chain() {
    return new AFTOperation.Builder[] {
      nextHop(1, "192.0.2.1"), group(42, 1), ipv4("1.1.1.1/32", 42)
    };
  }

  private static AFTOperation.Builder other(AFTOperation.Builder operation) {
    return operation.setNetworkInstance(OTHER_INSTANCE);
  }

  private List<AFTEntry> entries(String instance, AFTType type) {
    return clients.getFirst().get(instance, type);
  }

  private void addAndExpect(
      SessionParameters.AFTResultStatusType ackType, AFTOperation.Builder... operations) {
    GribiClient client = primary(ackType);

    assertThat(client.run(operations)).isEqualTo(words(ackType, operations.length));
  }

  private void eachAlone(
      SessionParameters.AFTResultStatusType ackType, AFTOperation.Builder... operations) {
    GribiClient client = primary(ackType);

    for (AFTOperation.Builder operation : operations) {
      assertThat(client.run(operation)).isEqualTo(word(ackType));
    }
  }

  // ---- sessions

  @Test
  void case_01_modify_rpc_connection() {
    GribiClient client = client();

    client.halfClose();

    client.awaitCompleted();
    assertThat(client.responses()).isEmpty();
  }

  @Test
  void case_02_modify_rpc_connection_with_election_id() {
    GribiClient client = primary(RIB_ACK);

    assertThat(client.responses().getFirst().getSessionParamsResult().getStatus())
        .isEqualTo(SessionParametersResult.Status.OK);
    assertThat(client.awaitElectionId().getLow()).isEqualTo(electionId - 1);
  }

  @Test
  void case_03_invalid_persistence_and_redundancy() throws InvalidProtocolBufferException {
    GribiClient client = client().sendParams(GribiClient.params(ALL_PRIMARY, PRESERVE, RIB_ACK));

    assertThat(client.awaitFault()).isEqualTo("FAILED_PRECONDITION UNSUPPORTED_PARAMS");
  }

  @Test
  void case_04_repeated_session_parameters() throws InvalidProtocolBufferException {
    GribiClient client = client().sendParams(GribiClient.supported(RIB_ACK));

    client.sendParams(GribiClient.supported(RIB_ACK));

    assertThat(client.awaitFault()).isEqualTo("FAILED_PRECONDITION MODIFY_NOT_ALLOWED");
  }

  @Test
  void case_05_election_id_and_operation_in_one_request() throws InvalidProtocolBufferException {
    GribiClient client = client();

    client.send(
        ModifyRequest.newBuilder()
            .setElectionId(Uint128.newBuilder().setLow(1))
            .addOperation(nextHop(1, "192.0.2.1").setId(1))
            .build());

    assertThat(client.awaitFault()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void case_06_election_id_and_params_in_one_request() throws InvalidProtocolBufferException {
    GribiClient client = client();

    client.send(
        ModifyRequest.newBuilder()
            .setElectionId(Uint128.newBuilder().setLow(1))
            .setParams(GribiClient.supported(RIB_ACK))
            .build());

    assertThat(client.awaitFault()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void case_07_params_and_operation_in_one_request() throws InvalidProtocolBufferException {
    GribiClient client = client();

    client.send(
        ModifyRequest.newBuilder()
            .setParams(GribiClient.supported(RIB_ACK))
            .addOperation(nextHop(1, "192.0.2.1").setId(1))
            .build());

    assertThat(client.awaitFault()).isEqualTo("INVALID_ARGUMENT");
  }

  // ---- adding

  @Test
  void case_08_add_ipv4_entry_rib_ack() {
    eachAlone(RIB_ACK, chain());
  }

  @Test
  void case_09_add_ipv4_entry_fib_ack() {
    eachAlone(RIB_AND_FIB_ACK, chain());

    assertThat(namespace.ip("route show proto 64")).contains("blackhole 1.1.1.1");
  }

  @Test
  void case_10_add_unreferenced_group_rib_ack() {
    addAndExpect(RIB_ACK, nextHop(1, "192.0.2.1"), group(42, 1));
  }

  @Test
  void case_11_add_unreferenced_group_fib_ack() {
    addAndExpect(RIB_AND_FIB_ACK, nextHop(1, "192.0.2.1"), group(42, 1));
  }

  @Test
  void case_13_ipv4_to_two_next_hops_in_one_request_fib_ack() {
    addAndExpect(RIB_AND_FIB_ACK, base());
  }

  @Test
  void case_14_ipv4_to_two_next_hops_in_one_request_rib_ack() {
    addAndExpect(RIB_ACK, base());
  }

  @Test
  void case_15_ipv4_to_two_next_hops_in_many_requests_fib_ack() {
    eachAlone(RIB_AND_FIB_ACK, base());
  }

  @Test
  void case_16_ipv4_to_two_next_hops_in_many_requests_rib_ack() {
    eachAlone(RIB_ACK, base());
  }

  // ---- deleting

  @Test
  void case_17_delete_ipv4_entry() {
    GribiClient client = primary(RIB_ACK);
    client.run(base());

    assertThat(client.run(delete(ipv4("1.0.0.0/8", 1)))).isEqualTo(RIB);
    assertThat(entries(DEFAULT, AFTType.IPV4)).isEmpty();
  }

  @Test
  void case_18_delete_referenced_group() {
    GribiClient client = primary(RIB_ACK);
    client.run(base());

    assertThat(client.run(delete(group(1)))).isEqualTo("FAILED");
  }

  @Test
  void case_19_delete_referenced_next_hop() {
    GribiClient client = primary(RIB_ACK);
    client.run(base());

    assertThat(client.run(delete(nextHop(1)), delete(nextHop(2)))).isEqualTo("FAILED FAILED");
  }

  @Test
  void case_20_delete_group_rib_ack() {
    GribiClient client = primary(RIB_ACK);
    client.run(base());

    assertThat(client.run(delete(ipv4("1.0.0.0/8", 1)), delete(group(1))))
        .isEqualTo(words(RIB_ACK, 2));
  }

  @Test
  void case_21_delete_group_fib_ack() {
    GribiClient client = primary(RIB_AND_FIB_ACK);
    client.run(base());

    assertThat(client.run(delete(ipv4("1.0.0.0/8", 1)), delete(group(1))))
        .isEqualTo(words(RIB_AND_FIB_ACK, 2));
  }

  private void deleteAll(SessionParameters.AFTResultStatusType ackType) {
    GribiClient client = primary(ackType);
    client.run(base());

    assertThat(
            client.run(
                delete(ipv4("1.0.0.0/8", 1)),
                delete(group(1)),
                delete(nextHop(1)),
                delete(nextHop(2))))
        .isEqualTo(words(ackType, 4));
    assertThat(entries(DEFAULT, AFTType.ALL)).isEmpty();
  }

  @Test
  void case_22_delete_next_hop_rib_ack() {
    deleteAll(RIB_ACK);
  }

  @Test
  void case_23_delete_next_hop_fib_ack() {
    deleteAll(RIB_AND_FIB_ACK);
  }

  @Test
  void case_24_add_metadata() {
    addAndExpect(RIB_ACK, nextHop(1, "192.0.2.3"), group(1, 1), ipv4("1.1.1.1/32", 1, METADATA));

    assertThat(entries(DEFAULT, AFTType.IPV4))
        .singleElement()
        .extracting(entry -> entry.getIpv4().getIpv4Entry().getEntryMetadata().getValue())
        .isEqualTo(com.google.protobuf.ByteString.copyFrom(METADATA));
  }

  @Test
  void case_25_ipv4_in_another_instance_than_its_group() {
    AFTOperation.Builder prefix = other(ipv4("1.1.1.1/32", 1));
    prefix
        .getIpv4Builder()
        .getIpv4EntryBuilder()
        .setNextHopGroupNetworkInstance(AftOperations.string(DEFAULT));

    addAndExpect(RIB_ACK, nextHop(1, "192.0.2.3"), group(1, 1), prefix);

    assertThat(namespace.ip("route show table 1001")).contains("1.1.1.1");
  }

  @Test
  void case_26_add_delete_add() {
    GribiClient client = primary(RIB_ACK);
    client.run(base());

    assertThat(client.run(ipv4("2.0.0.0/8", 1), delete(ipv4("2.0.0.0/8", 1)), ipv4("2.0.0.0/8", 1)))
        .isEqualTo(words(RIB_ACK, 3));
    assertThat(entries(DEFAULT, AFTType.IPV4)).hasSize(2);
  }

  // ---- replacing

  private void replaceNextHop(SessionParameters.AFTResultStatusType ackType) {
    eachAlone(ackType, nextHop(1, "192.0.2.1"), nextHop(1, "192.0.2.2"));

    assertThat(entries(DEFAULT, AFTType.NEXTHOP))
        .singleElement()
        .extracting(entry -> entry.getNextHop().getNextHop().getIpAddress().getValue())
        .isEqualTo("192.0.2.2");
  }

  private void replaceGroup(SessionParameters.AFTResultStatusType ackType) {
    eachAlone(ackType, nextHop(1, "192.0.2.1"), nextHop(2, "192.0.2.3"), group(1, 1), group(1, 2));

    assertThat(entries(DEFAULT, AFTType.NEXTHOP_GROUP))
        .singleElement()
        .extracting(entry -> entry.getNextHopGroup().getNextHopGroup().getNextHop(0).getIndex())
        .isEqualTo(2L);
  }

  private void replaceIpv4(SessionParameters.AFTResultStatusType ackType) {
    eachAlone(
        ackType,
        nextHop(1, "192.0.2.1"),
        nextHop(2, "192.0.2.1"),
        group(1, 1),
        group(2, 2),
        ipv4("1.0.0.0/8", 1),
        ipv4("1.0.0.0/8", 2));

    assertThat(entries(DEFAULT, AFTType.IPV4))
        .singleElement()
        .extracting(entry -> entry.getIpv4().getIpv4Entry().getNextHopGroup().getValue())
        .isEqualTo(2L);
  }

  @Test
  void case_27_implicit_replace_next_hop_rib_ack() {
    replaceNextHop(RIB_ACK);
  }

  @Test
  void case_28_implicit_replace_group_rib_ack() {
    replaceGroup(RIB_ACK);
  }

  @Test
  void case_29_implicit_replace_ipv4_rib_ack() {
    replaceIpv4(RIB_ACK);
  }

  @Test
  void case_30_implicit_replace_next_hop_fib_ack() {
    replaceNextHop(RIB_AND_FIB_ACK);
  }

  @Test
  void case_31_implicit_replace_group_fib_ack() {
    replaceGroup(RIB_AND_FIB_ACK);
  }

  @Test
  void case_32_implicit_replace_ipv4_fib_ack() {
    replaceIpv4(RIB_AND_FIB_ACK);
  }

  private void deleteTwice(SessionParameters.AFTResultStatusType ackType) {
    GribiClient client = primary(ackType);
    client.run(base());

    for (int i = 0; i < 2; i++) {
      assertThat(client.run(delete(ipv4("1.0.0.0/8", 1)))).isEqualTo(word(ackType));
    }
    for (int i = 0; i < 2; i++) {
      assertThat(client.run(delete(group(1)))).isEqualTo(word(ackType));
    }
    for (int i = 0; i < 2; i++) {
      assertThat(client.run(delete(nextHop(1)))).isEqualTo(word(ackType));
    }
  }

  @Test
  void case_33_idempotent_delete_rib_ack() {
    deleteTwice(RIB_ACK);
  }

  @Test
  void case_34_idempotent_delete_fib_ack() {
    deleteTwice(RIB_AND_FIB_ACK);
  }

  @Test
  void case_35_replace_missing_next_hop() {
    assertThat(primary(RIB_ACK).run(replace(nextHop(42)))).isEqualTo("FAILED");
  }

  @Test
  void case_36_replace_missing_group() {
    assertThat(primary(RIB_ACK).run(nextHop(42, "192.0.2.3"), replace(group(42, 42))))
        .isEqualTo("RIB_PROGRAMMED FAILED");
  }

  @Test
  void case_37_replace_missing_ipv4() {
    assertThat(
            primary(RIB_ACK)
                .run(nextHop(42, "192.0.2.3"), group(42, 42), replace(ipv4("192.0.2.1/32", 42))))
        .isEqualTo("RIB_PROGRAMMED RIB_PROGRAMMED FAILED");
  }

  @Test
  void case_38_results_are_not_sent_to_other_clients() {
    GribiClient a = client().sendParams(GribiClient.supported(RIB_ACK));
    a.announce(0, electionId + 1).awaitResponses(2);
    GribiClient b = client().sendParams(GribiClient.supported(RIB_ACK));
    b.announce(0, electionId).awaitResponses(2);
    electionId += 2;

    a.operate(chain());
    a.close();

    assertThat(b.resultCount()).isZero();
    assertThat(b.failure()).isNull();
  }

  // ---- Get

  private void getNextHop(SessionParameters.AFTResultStatusType ackType) {
    addAndExpect(ackType, nextHop(1, "1.0.0.1"));

    assertThat(entries(DEFAULT, AFTType.NEXTHOP))
        .containsExactly(programmed().setNextHop(nextHop(1, "1.0.0.1").getNextHop()).build());
  }

  private void getGroup(SessionParameters.AFTResultStatusType ackType) {
    addAndExpect(ackType, nextHop(1, "1.0.0.1"), group(1, 1));

    assertThat(entries(DEFAULT, AFTType.NEXTHOP_GROUP))
        .containsExactly(programmed().setNextHopGroup(group(1, 1).getNextHopGroup()).build());
  }

  private void getIpv4(SessionParameters.AFTResultStatusType ackType) {
    addAndExpect(ackType, nextHop(1, "1.0.0.1"), group(1, 1), ipv4("42.42.42.42/32", 1, METADATA));

    assertThat(entries(DEFAULT, AFTType.IPV4))
        .containsExactly(
            programmed().setIpv4(ipv4("42.42.42.42/32", 1, METADATA).getIpv4()).build());
  }

  private void getIpv6(SessionParameters.AFTResultStatusType ackType) {
    addAndExpect(ackType, nextHop(1, "1.0.0.1"), group(1, 1), ipv6("2001:db8::1/128", 1, METADATA));

    assertThat(entries(DEFAULT, AFTType.IPV6))
        .containsExactly(
            programmed().setIpv6(ipv6("2001:db8::1/128", 1, METADATA).getIpv6()).build());
  }

  private void getChain(SessionParameters.AFTResultStatusType ackType) {
    addAndExpect(ackType, nextHop(1, "1.0.0.1"), group(1, 1), ipv4("42.42.42.42/32", 1));

    assertThat(entries(DEFAULT, AFTType.ALL))
        .containsExactlyInAnyOrder(
            programmed().setNextHop(nextHop(1, "1.0.0.1").getNextHop()).build(),
            programmed().setNextHopGroup(group(1, 1).getNextHopGroup()).build(),
            programmed().setIpv4(ipv4("42.42.42.42/32", 1).getIpv4()).build());
  }

  private static AFTEntry.Builder programmed() {
    return AFTEntry.newBuilder()
        .setNetworkInstance(DEFAULT)
        .setRibStatus(AFTEntry.Status.PROGRAMMED)
        .setFibStatus(AFTEntry.Status.PROGRAMMED);
  }

  @Test
  void case_39_get_next_hop_rib_ack() {
    getNextHop(RIB_ACK);
  }

  @Test
  void case_40_get_group_rib_ack() {
    getGroup(RIB_ACK);
  }

  @Test
  void case_41_get_ipv4_rib_ack() {
    getIpv4(RIB_ACK);
  }

  @Test
  void case_42_get_ipv6_rib_ack() {
    getIpv6(RIB_ACK);
  }

  @Test
  void case_43_get_chain_rib_ack() {
    getChain(RIB_ACK);
  }

  @Test
  void case_44_get_many_next_hops() {
    GribiClient client = primary(RIB_ACK);
    for (int count : new int[] {10, 100, 1000}) {
      AFTOperation.Builder[] hops = new AFTOperation.Builder[count];
      for (int i = 0; i < count; i++) {
        hops[i] = nextHop(i + 1, "1.0." + (i >> 8) + "." + (i & 255));
      }
      client.run(hops);

      assertThat(client.get(DEFAULT, AFTType.NEXTHOP)).hasSize(count);
    }
  }

  @Test
  void case_45_get_next_hop_fib_ack() {
    getNextHop(RIB_AND_FIB_ACK);
  }

  @Test
  void case_46_get_group_fib_ack() {
    getGroup(RIB_AND_FIB_ACK);
  }

  @Test
  void case_47_get_ipv4_fib_ack() {
    getIpv4(RIB_AND_FIB_ACK);
  }

  @Test
  void case_48_get_ipv6_fib_ack() {
    getIpv6(RIB_AND_FIB_ACK);
  }

  @Test
  void case_49_get_chain_fib_ack() {
    getChain(RIB_AND_FIB_ACK);
  }

  // ---- elections

  @Test
  void case_50_election_id_in_all_primary() throws InvalidProtocolBufferException {
    GribiClient client = client().sendParams(GribiClient.params(ALL_PRIMARY, DELETE, RIB_ACK));

    client.announce(0, electionId++);

    assertThat(client.awaitFault()).isEqualTo("UNIMPLEMENTED UNSUPPORTED_PARAMS");
  }

  @Test
  void case_51_other_ack_type() throws InvalidProtocolBufferException {
    primary(RIB_ACK);
    GribiClient b = client().sendParams(GribiClient.supported(RIB_AND_FIB_ACK));

    assertThat(b.awaitFault()).isEqualTo("FAILED_PRECONDITION PARAMS_DIFFER_FROM_OTHER_CLIENTS");
  }

  @Test
  void case_52_matching_params() {
    GribiClient a = primary(RIB_AND_FIB_ACK);
    GribiClient b = primary(RIB_AND_FIB_ACK);

    assertThat(a.awaitElectionId().getLow()).isEqualTo(electionId - 2);
    assertThat(b.awaitElectionId().getLow()).isEqualTo(electionId - 1);
  }

  @Test
  void case_53_all_primary_beside_single_primary() throws InvalidProtocolBufferException {
    primary(RIB_ACK);
    GribiClient b = client().sendParams(GribiClient.params(ALL_PRIMARY, DELETE, RIB_ACK));

    assertThat(b.awaitFault()).isEqualTo("FAILED_PRECONDITION PARAMS_DIFFER_FROM_OTHER_CLIENTS");
  }

  @Test
  void case_54_lower_election_id() {
    GribiClient a = client().sendParams(GribiClient.supported(RIB_AND_FIB_ACK));
    a.announce(0, electionId + 1).awaitResponses(2);
    GribiClient b = client().sendParams(GribiClient.supported(RIB_AND_FIB_ACK));

    b.announce(0, electionId).awaitResponses(2);

    electionId += 2;
    assertThat(b.awaitElectionId().getLow()).isEqualTo(electionId - 1);
  }

  @Test
  void case_55_entries_stay_after_a_new_primary() {
    GribiClient a = primary(RIB_ACK);
    a.run(chain());

    GribiClient b = primary(RIB_ACK);

    assertThat(a.get(DEFAULT, AFTType.IPV4)).hasSize(1);
    assertThat(b.get(DEFAULT, AFTType.IPV4)).hasSize(1);
  }

  @Test
  void case_56_unannounced_election_id() {
    GribiClient client = primary(RIB_ACK);

    long first = client.operate(Uint128.newBuilder().setLow(electionId++).build(), chain());

    for (long id = first; id < first + 3; id++) {
      assertThat(client.awaitResult(id).getStatus().name()).isEqualTo("FAILED");
    }
  }

  @Test
  void case_57_higher_election_id() {
    GribiClient client = primary(RIB_ACK);
    assertThat(client.run(nextHop(1, "1.1.1.1"))).isEqualTo(RIB);

    client.announce(0, electionId++).awaitResponses(4);

    long stale =
        client.operate(Uint128.newBuilder().setLow(electionId - 2).build(), nextHop(1, "2.2.2.2"));
    assertThat(client.awaitResult(stale).getStatus().name()).isEqualTo("FAILED");
    assertThat(client.run(nextHop(1, "3.3.3.3"))).isEqualTo(RIB);
  }

  @Test
  void case_58_lower_election_id_of_the_same_client() {
    electionId++;
    GribiClient client = primary(RIB_ACK);

    client.announce(0, electionId - 2).awaitResponses(3);

    assertThat(client.awaitElectionId().getLow()).isEqualTo(electionId - 1);
  }

  @Test
  void case_59_same_election_id_from_two_clients() {
    GribiClient a = primary(RIB_ACK);
    GribiClient b = client().sendParams(GribiClient.supported(RIB_ACK));
    b.announce(0, electionId - 1).awaitResponses(2);

    assertThat(a.run(nextHop(10, "192.0.2.1"))).isEqualTo("FAILED");
    assertThat(b.run(nextHop(10, "192.0.2.1"))).isEqualTo(RIB);
  }

  @Test
  void case_60_election_id_zero() throws InvalidProtocolBufferException {
    GribiClient client = client().sendParams(GribiClient.supported(RIB_ACK)).announce(0, 0);

    assertThat(client.awaitFault()).isEqualTo("INVALID_ARGUMENT");
  }

  // ---- Flush

  private void addToBoth() {
    GribiClient client = primary(RIB_ACK);
    client.run(nextHop(1, "1.1.1.1"), group(1, 1), ipv4("42.42.42.42/32", 1));
    client.run(other(nextHop(1, "1.1.1.1")), other(group(1, 1)), other(ipv4("42.42.42.42/32", 1)));
  }

  private FlushRequest.Builder byId(long id) {
    return FlushRequest.newBuilder().setId(Uint128.newBuilder().setLow(id));
  }

  private static Status faultOf(StatusRuntimeException e) {
    return StatusProto.fromThrowable(e);
  }

  @Test
  void case_61_flush_by_the_primary() {
    addToBoth();

    FlushResponse response =
        clients.getFirst().flush(byId(electionId - 1).setAll(Empty.getDefaultInstance()));

    assertThat(response.getResult()).isEqualTo(FlushResponse.Result.OK);
    assertThat(response.getTimestamp()).isPositive();
    assertThat(entries(DEFAULT, AFTType.ALL)).isEmpty();
  }

  @Test
  void case_62_flush_with_an_old_id() throws InvalidProtocolBufferException {
    addToBoth();

    StatusRuntimeException fault =
        org.junit.jupiter.api.Assertions.assertThrows(
            StatusRuntimeException.class,
            () ->
                clients.getFirst().flush(byId(electionId - 2).setAll(Empty.getDefaultInstance())));

    assertThat(fault.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.FAILED_PRECONDITION);
    assertThat(faultOf(fault).getDetails(0).unpack(FlushResponseError.class).getStatus())
        .isEqualTo(FlushResponseError.Reason.NOT_PRIMARY);
    assertThat(entries(DEFAULT, AFTType.ALL)).hasSize(3);
  }

  @Test
  void case_63_flush_without_network_instance() throws InvalidProtocolBufferException {
    addToBoth();

    StatusRuntimeException fault =
        org.junit.jupiter.api.Assertions.assertThrows(
            StatusRuntimeException.class, () -> clients.getFirst().flush(byId(electionId - 1)));

    assertThat(fault.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    assertThat(faultOf(fault).getDetailsList())
        .singleElement()
        .isEqualTo(
            com.google.protobuf.Any.pack(
                FlushResponseError.newBuilder()
                    .setStatus(FlushResponseError.Reason.UNSPECIFIED_NETWORK_INSTANCE)
                    .build()));
  }

  @Test
  void case_64_flush_with_override() {
    addToBoth();

    assertThat(clients.getFirst().flushAll().getResult()).isEqualTo(FlushResponse.Result.OK);
    assertThat(entries(DEFAULT, AFTType.ALL)).isEmpty();
  }

  @Test
  void case_65_flush_of_one_instance() {
    addToBoth();

    clients.getFirst().flush(byId(electionId - 1).setName(DEFAULT));

    assertThat(entries(DEFAULT, AFTType.ALL)).isEmpty();
    assertThat(entries(OTHER_INSTANCE, AFTType.ALL)).hasSize(3);
    assertThat(namespace.ip("route show table 1001")).contains("42.42.42.42");
  }

  @Test
  void case_66_flush_of_all_instances() {
    addToBoth();

    clients.getFirst().flush(byId(electionId - 1).setAll(Empty.getDefaultInstance()));

    assertThat(entries(DEFAULT, AFTType.ALL)).isEmpty();
    assertThat(entries(OTHER_INSTANCE, AFTType.ALL)).isEmpty();
  }

  @Test
  void case_67_flush_of_the_other_instance() {
    addToBoth();

    clients.getFirst().flush(byId(electionId - 1).setName(OTHER_INSTANCE));

    assertThat(entries(DEFAULT, AFTType.ALL)).hasSize(3);
    assertThat(entries(OTHER_INSTANCE, AFTType.ALL)).isEmpty();
  }

  // ---- MPLS and IPv6

  @Test
  void case_68_add_label_entry() {
    addAndExpect(RIB_ACK, nextHop(1, "192.0.2.1"), group(1, 1), label(100, 1));

    assertThat(entries(DEFAULT, AFTType.MPLS))
        .singleElement()
        .extracting(AFTEntry::getMpls)
        .isEqualTo(label(100, 1).getMpls());
  }

  @Test
  void case_69_delete_label_entry() {
    GribiClient client = primary(RIB_ACK);
    client.run(nextHop(1, "192.0.2.1"), group(1, 1), label(100, 1));
    assertThat(client.run(delete(group(1)))).isEqualTo("FAILED");

    assertThat(client.run(delete(label(100, 1)))).isEqualTo(RIB);
    assertThat(entries(DEFAULT, AFTType.MPLS)).isEmpty();
  }

  @Test
  void case_70_next_hop_with_pushed_label_stack() {
    AFTOperation.Builder hop = nextHop(1, "192.0.2.1");
    hop.getNextHopBuilder()
        .getNextHopBuilder()
        .addPushedMplsLabelStack(
            Afts.NextHop.PushedMplsLabelStackUnion.newBuilder().setPushedMplsLabelStackUint64(42));

    addAndExpect(RIB_ACK, hop, group(1, 1));

    assertThat(entries(DEFAULT, AFTType.NEXTHOP))
        .singleElement()
        .extracting(AFTEntry::getNextHop)
        .isEqualTo(hop.getNextHop());
  }

  @Test
  void case_71_add_ipv6_entry_rib_ack() {
    addAndExpect(RIB_ACK, nextHop(1, "192.0.2.1"), group(42, 1), ipv6("2001:db8::/32", 42));
  }

  @Test
  void case_72_add_ipv6_entry_fib_ack() {
    addAndExpect(RIB_AND_FIB_ACK, nextHop(1, "192.0.2.1"), group(42, 1), ipv6("2001:db8::/32", 42));

    assertThat(namespace.ip("-6 route show proto 64")).contains("2001:db8::/32");
  }

  @Test
  void case_73_add_ipv6_entry_with_metadata() {
    addAndExpect(
        RIB_ACK, nextHop(1, "192.0.2.1"), group(42, 1), ipv6("2001:db8::/32", 42, METADATA));
  }

  // ---- what is wrong in the operation

  @Test
  void case_74_unknown_network_instance() {
    GribiClient client = primary(RIB_AND_FIB_ACK);

    long id = client.operate(nextHop(1, "192.0.2.1").setNetworkInstance("does-not-exist"));

    assertThat(client.awaitResult(id).getStatus().name()).isEqualTo("FAILED");
    assertThat(client.awaitResult(id).getErrorDetails().getErrorMessage())
        .contains("does-not-exist");
  }

  @Test
  void case_75_group_moved_between_equal_next_hops() {
    eachAlone(
        RIB_AND_FIB_ACK,
        nextHop(1, "192.0.2.3"),
        nextHop(2, "192.0.2.3"),
        group(1, 1),
        ipv4("1.0.0.0/8", 1),
        group(1, 2));
  }

  @Test
  void case_77_prefix_without_mask() {
    GribiClient client = primary(RIB_AND_FIB_ACK);

    assertThat(client.run(nextHop(1, "192.0.2.3"), group(1, 1), ipv4("1.1.1.1", 1)))
        .isEqualTo("FIB_PROGRAMMED FIB_PROGRAMMED FAILED");
  }

  @Test
  void supported_parameters_are_single_primary_and_preserve_only() throws Exception {
    GribiClient client = client().sendParams(GribiClient.params(SINGLE_PRIMARY, DELETE, RIB_ACK));

    assertThat(client.awaitFault()).isEqualTo("UNIMPLEMENTED UNSUPPORTED_PARAMS");
  }
}
