package net.donut.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import net.donut.fixtures.Packing;
import net.donut.fixtures.RealData;
import net.donut.fixtures.RealDataDirectory;
import net.donut.model.AsPath;
import net.donut.model.IpAddress;
import net.donut.model.Origin;
import net.donut.model.PathAttributes;
import net.donut.model.Prefix;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A small internet on file against a policy.
class SimulateCommandTest {
  private static final String POLICY =
      """
      as: 64500
      networks: [198.51.100.0/24]
      routers:
        edge1: {agent: "10.255.0.11:9340", router-id: 10.64.0.1}
      neighbors:
        tier1a: {router: edge1, as: 64601, relation: transit, interface: t1, price: 1, ipv4: {address: 100.64.1.2}}
        tier1b: {router: edge1, as: 64602, relation: transit, interface: t2, price: 1, ipv4: {address: 100.64.2.2}}
        tier2a: {router: edge1, as: 64603, relation: peer, interface: p1, ipv4: {address: 100.64.3.2}}
      filters: {bogon-asns: false}  # documentation numbers
      """;

  private static final List<MrtPeer> PEERS =
      List.of(
          peer("203.0.113.1", 64601),
          peer("203.0.113.2", 64602),
          peer("203.0.113.3", 64603),
          peer("203.0.113.4", 64604),
          peer("203.0.113.5", 64603));

  @TempDir private Path directory = Path.of("");
  private Path dump = Path.of("");

  private static MrtPeer peer(String address, long asn) {
    return new MrtPeer(IpAddress.parse(address), asn, IpAddress.parse(address));
  }

  @BeforeEach
  void write() throws IOException {
    dump = directory.resolve("dump.mrt");
    try (OutputStream out = Files.newOutputStream(dump)) {
      MrtWriter writer = new MrtWriter(out, MrtWriter.Form.TABLE_DUMP_V2, PEERS);
      write(writer, "20.0.0.0/8", 0, 1, 2);
      write(writer, "20.1.0.0/16", 0);
      write(writer, "20.2.0.0/25", 0, 1);
      write(writer, "30.0.0.0/8", 0, 1, 3);
      write(writer, "40.0.0.0/8", 1);
      write(writer, "50.0.0.0/8", 4);
    }
  }

  private static void write(MrtWriter writer, String prefix, int... peers) throws IOException {
    List<MrtWriter.Entry> entries = new ArrayList<>();
    for (int peer : peers) {
      AsPath path = AsPath.of(PEERS.get(peer).asn(), 64999);
      PathAttributes attributes = PathAttributes.of(Origin.IGP, path, PEERS.get(peer).address());
      entries.add(new MrtWriter.Entry(peer, 0, attributes));
    }
    writer.write(Prefix.parse(prefix), entries);
  }

  private Ran run(String policy, String... words) throws IOException {
    Path file = directory.resolve("policy.yml");
    Files.writeString(file, policy);
    List<String> all =
        new ArrayList<>(List.of("--policy", file.toString(), "--mrt", dump.toString()));
    all.addAll(List.of(words));
    return Ran.command(new SimulateCommand(), all.toArray(String[]::new));
  }

  private JsonNode json(String policy, String... words) throws IOException {
    List<String> all = new ArrayList<>(List.of("-o", "json"));
    all.addAll(List.of(words));
    Ran ran = run(policy, all.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    return new ObjectMapper().readTree(ran.out());
  }

  private static Map<String, String> peers(JsonNode json) {
    Map<String, String> peers = new java.util.TreeMap<>();
    json.get("peers")
        .forEach(peer -> peers.put(peer.get("address").asText(), peer.get("neighbor").asText()));
    return peers;
  }

  @Test
  void peers_are_neighbors_by_as_and_the_rest_is_left_out() throws IOException {
    JsonNode json = json(POLICY);

    assertThat(peers(json))
        .isEqualTo(
            Map.of(
                "203.0.113.1", "tier1a",
                "203.0.113.2", "tier1b",
                "203.0.113.3", "tier2a",
                "203.0.113.4", "",
                "203.0.113.5", ""));
    assertThat(json.get("routes").get("prefixes_by_relation").get("private-peer").asLong())
        .isEqualTo(1);
    assertThat(json.get("routes").get("prefixes_by_relation").get("transit").asLong()).isEqualTo(3);
  }

  @Test
  void an_address_wins_its_neighbor_back_from_the_as() throws IOException {
    String policy = POLICY.replace("100.64.3.2", "203.0.113.5");

    JsonNode json = json(policy);

    assertThat(peers(json)).containsEntry("203.0.113.5", "tier2a").containsEntry("203.0.113.3", "");
    assertThat(json.get("routes").get("prefixes_by_relation").get("private-peer").asLong())
        .as("only what the second peer sends")
        .isEqualTo(1);
    assertThat(json.get("explain")).isEmpty();
  }

  @Test
  void the_policy_file_may_say_who_is_who_and_what_the_others_are() throws IOException {
    JsonNode json =
        json(
            POLICY
                + "simulate: {peers: {AS64604: tier1a, 203.0.113.1: tier1b}, others: public-peer}\n");

    assertThat(peers(json))
        .containsEntry("203.0.113.1", "tier1b")
        .containsEntry("203.0.113.2", "")
        .containsEntry("203.0.113.4", "tier1a");
  }

  @Test
  void others_become_neighbors_of_the_relation_asked_for() throws IOException {
    JsonNode json = json(POLICY + "simulate: {others: customer}\n");

    assertThat(peers(json)).containsEntry("203.0.113.4", "AS64604-203.0.113.4");
    assertThat(json.get("routes").get("prefixes_by_relation").get("customer").asLong())
        .isEqualTo(1);
  }

  @Test
  void leaks_single_exits_refusals_and_losses_are_named() throws IOException {
    JsonNode json = json(POLICY);

    JsonNode coverage = json.get("coverage");
    assertThat(coverage.get("cost_leaks").get("largest").get(0).get("prefix").asText())
        .isEqualTo("20.1.0.0/16");
    assertThat(coverage.get("bypasses").get(0).get("direct").asText()).isEqualTo("tier2a");
    assertThat(coverage.get("bypasses").get(0).get("ipv4_addresses").asLong()).isEqualTo(65536);
    assertThat(coverage.get("single_exit").get("largest").get(0).get("prefix").asText())
        .isEqualTo("40.0.0.0/8");
    JsonNode refusal = json.get("refused").get("reasons").get(0);
    assertThat(refusal.get("reason").asText()).isEqualTo("prefix-length");
    assertThat(refusal.get("paths").asLong()).isEqualTo(2);
    assertThat(coverage.get("exit_losses").get(1).get("lost").asLong()).as("tier1b").isEqualTo(1);
  }

  @Test
  void a_cut_is_compared_with_the_world_as_it_is() throws IOException {
    JsonNode comparison = json(POLICY, "--whatif", "cut tier1b").get("whatif").get(0);

    assertThat(comparison.get("lost").asLong()).isEqualTo(1);
    assertThat(comparison.get("before").get("holes").asLong()).isZero();
    assertThat(comparison.get("after").get("holes").asLong()).isEqualTo(1);
  }

  @Test
  void a_new_peer_is_kept_out_of_the_world_that_is() throws IOException {
    JsonNode json = json(POLICY, "--whatif", "add peer AS64604", "--whatif", "cut tier1a");

    assertThat(json.get("routes").get("prefixes").asLong()).isEqualTo(5);
    JsonNode comparison = json.get("whatif").get(0);
    assertThat(comparison.get("moved").asLong()).isEqualTo(1);
    assertThat(comparison.get("after").get("prefixes_by_relation").get("private-peer").asLong())
        .isEqualTo(2);
    assertThat(comparison.get("shifts").get(0).get("to").asText()).startsWith("AS64604");
    assertThat(json.get("whatif").get(1).get("before"))
        .as("the engine is as before")
        .isEqualTo(comparison.get("before"));
  }

  @Test
  void invalid_origins_are_refused_and_counted() throws IOException {
    Path vrps = directory.resolve("vrps.csv");
    Files.writeString(vrps, "ASN,IP Prefix,Max Length\nAS1,30.0.0.0/8,8\nAS64999,40.0.0.0/8,8\n");

    JsonNode json = json(POLICY, "--vrps", vrps.toString());

    JsonNode origins = json.get("refused").get("origins");
    assertThat(origins.get("payloads").asLong()).isEqualTo(2);
    assertThat(origins.get("invalid").asLong()).isEqualTo(1);
    assertThat(origins.get("valid").asLong()).isEqualTo(1);
    assertThat(json.get("routes").get("prefixes").asLong()).isEqualTo(4);
  }

  /// The forms that validators and registries export: numbers with and without AS, `maxLength`
  /// missing, what else they say beside; damaged ones are counted, and the first is named.
  @Test
  void exports_of_validators_are_read() throws IOException {
    Path validator =
        Files.writeString(
            directory.resolve("validator.json"),
            """
            {"metadata": {"buildtime": "2026-01-02T03:04:05Z", "vrps": 3},
             "roas": [
              {"asn": 64500, "prefix": "192.0.2.0/24", "maxLength": 24, "ta": "test", "expires": 1900000000},
              {"asn": "AS64501", "prefix": "198.51.100.0/24", "maxLength": 25, "ta": "test"},
              {"asn": 64502, "prefix": "2001:db8::/32", "maxLength": 48, "ta": "test"}],
             "bgpsec_keys": [], "aspas": []}
            """);
    StringBuilder registry = new StringBuilder("{\"roas\": [\n");
    for (int i = 0; i < 3312; i++) {
      String prefix = "fd00:%x::/48".formatted(i);
      int maxLength = i == 123 || i % 1000 == 999 ? 32 : 64;
      registry.append(i == 0 ? "" : ",\n");
      registry.append(
          "{\"asn\": \"AS%d\", \"prefix\": \"%s\", \"maxLength\": %d, \"ta\": \"test\"}"
              .formatted(64_512 + i % 500, prefix, maxLength));
    }
    registry.append("], \"metadata\": {\"counts\": 3312}}");
    Path packed =
        Files.write(
            directory.resolve("registry.json.xz"),
            Packing.XZ.pack(registry.toString().getBytes(StandardCharsets.UTF_8)));

    assertThat(VrpFile.read(validator).payloads().size()).isEqualTo(3);
    VrpFile.Reading reading = VrpFile.read(packed);
    assertThat(reading.payloads().size() + reading.damaged()).isEqualTo(3312);
    assertThat(reading.damaged()).isEqualTo(4);
    assertThat(reading.firstDamaged()).contains("roas[124]: ");
  }

  @RealData
  @Test
  void the_real_exports_of_validators_are_read() {
    assertThat(
            VrpFile.read(RealDataDirectory.path("rpki/stayrtr-test.rpki.json")).payloads().size())
        .isPositive();
    VrpFile.Reading registry =
        VrpFile.read(RealDataDirectory.path("rpki/dn42-roa-20220129.json.xz"));
    assertThat(registry.payloads().size() + registry.damaged()).isEqualTo(3312);
    assertThat(registry.damaged()).isBetween(2L, 20L);
    assertThat(registry.firstDamaged()).contains("roas[124]: ");
  }

  @Test
  void payloads_of_which_none_is_usable_are_an_error() throws IOException {
    Path vrps = directory.resolve("vrps.json");
    Files.writeString(
        vrps, "{\"roas\": [{\"asn\": \"AS1\", \"prefix\": \"x\", \"maxLength\": 8}]}");

    Ran ran = run(POLICY, "--vrps", vrps.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains(vrps + ": roas[1]: ");
  }

  @Test
  void too_many_prefixes_end_the_session_as_they_would_live() throws IOException {
    String policy = POLICY.replace("100.64.2.2}", "100.64.2.2, max-prefix: 3}");

    JsonNode json = json(policy);

    assertThat(json.get("refused").get("limits").get(0).asText())
        .startsWith("tier1b sends 4 IPv4 prefixes (max-prefix: 3)");
    assertThat(json.get("routes").get("prefixes").asLong()).as("without 40.0.0.0/8").isEqualTo(4);
  }

  @Test
  void an_address_is_explained_with_the_step_at_which_each_path_lost() throws IOException {
    Ran ran = run(POLICY, "--explain", "20.0.0.1");

    assertThat(ran.out())
        .contains("20.0.0.0/8 forwards it", "* tier2a (private-peer): 64603 64999")
        .contains(
            "tier1a (transit): 64601 64999; worse relation (transit) than tier2a (private peer)");
  }

  @Test
  void the_report_is_written_as_json_and_as_a_page_that_asks_for_nothing() throws IOException {
    Path out = directory.resolve("report");

    Ran ran = run(POLICY, "--out", out.toString(), "--whatif", "cut tier1a");

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(new ObjectMapper().readTree(out.resolve("simulate.json").toFile()).get("routes"))
        .isNotEmpty();
    assertThat(Files.readString(out.resolve("simulate.html")))
        .contains("cut tier1a", "<svg", "20.1.0.0/16")
        .doesNotContain("http", "<script");
  }

  @Test
  void mistakes_say_what_is_expected() throws IOException {
    assertThat(run(POLICY, "--whatif", "unplug it").err())
        .contains("what-if 'unplug it' (expected: cut NEIGHBOR");
    assertThat(run(POLICY, "--whatif", "cut nobody").err())
        .contains("neighbor nobody (expected: one of [tier1a, tier1b, tier2a])");
    assertThat(run(POLICY, "--whatif", "add AS1").err()).contains("no such peer in the dumps");
    assertThat(run("as: x\n").err()).contains("policy.yml:1:5: ");
    Ran ran = run(POLICY + "simulate: {peers: {AS1: nobody}}\n");
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("(expected: one of [tier1a, tier1b, tier2a])");
  }

  private Ran plain(byte[] file) throws IOException {
    Path path = Files.write(directory.resolve("input.mrt"), file);
    return Ran.command(new SimulateCommand(), "--policy", "none", "--mrt", path.toString());
  }

  @Test
  void a_dump_without_a_record_is_no_success() throws IOException {
    Ran ran = plain(new byte[0]);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("input.mrt: no record: the file is empty", "donut: no route to decide about");
  }

  @Test
  void an_empty_dump_beside_another_is_a_warning() throws IOException {
    Path empty = Files.write(directory.resolve("empty.mrt"), new byte[0]);

    Ran ran = run(POLICY, "--mrt", empty.toString());

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).startsWith("donut: warning: " + empty + ": no record");
  }

  @Test
  void peers_of_whom_the_policy_knows_none_are_no_success() throws IOException {
    Ran ran = run(POLICY.replace("as: 646", "as: 655"));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).contains("5 of 5 peers left out");
    assertThat(ran.err())
        .contains("no route to decide about: 11 announcements in 7 records (expected: ");
  }

  @Test
  void entries_without_a_peer_are_named_and_make_the_exit_code() throws IOException {
    byte[] whole = Files.readAllBytes(dump);
    int index = 12 + (whole[11] & 0xff);

    Ran ran = plain(Arrays.copyOfRange(whole, index, whole.length));

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains(
            "record 1 at byte 0: 20.0.0.0/8: peer index: 0, and no PEER_INDEX_TABLE before it",
            "; 11 like it");
  }

  @Test
  void what_is_left_out_on_purpose_is_counted_in_one_line() throws IOException {
    byte[] multicast = HexFormat.of().parseHex("6955b900000d000300000004" + "00000000");
    Files.write(dump, multicast, StandardOpenOption.APPEND);

    Ran ran = run(POLICY);

    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(ran.err()).isEqualTo("donut: left out on purpose: 1 RIB_IPV4_MULTICAST\n");
  }

  /// Payload files: what each costs, and what its line says.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [] | no payload (expected: at least one
          {"roas": []} | no payload (expected: at least one
          {"roa": [{"asn": 1}]} | no list of payloads (expected: "roas": [...])
          {"roas": [{"asn": 64999, "prefix": "40.0.0.0/8", "maxLength": 8} | (expected: payloads as JSON or CSV)
          {"roas": [{"asn": 1, "asn": 64999, "prefix": "40.0.0.0/8", "maxLength": 8}]} | Duplicate field 'asn'
          {"roas": [{"asn": 64999, "prefix": "40.0.0.0/8", "maxLength": 8}, 7]} | roas[2]:
          {"roas": [{"asn": 64999, "prefix": "40.0.0.0/8", "maxLength": 7}, {"asn": 64999, "prefix": "40.0.0.0/8", "maxLength": 8}]} | roas[1]: 40.0.0.0/8: max length 7 (expected: 8..32)
          {"roas": [{"asn": 64999, "prefix": "40.0.0.0/8", "maxLength": 8}, {"asn": 64999, "prefix": "40.0.0.0/8", "maxLength": 33}]} | roas[2]: 40.0.0.0/8: max length 33 (expected: 8..32)
          ASx,40.0.0.0/8,8;AS64999,40.0.0.0/8,8 | line 1:
          AS64999,40.0.0.0/8 | 2 columns (expected: ASN,prefix,max length)
          ASN,IP Prefix,Max Length | no payload (expected: at least one
          """)
  void a_payload_that_is_not_used_is_named_and_makes_the_exit_code(String content, String line)
      throws IOException {
    Path vrps = directory.resolve("vrps");
    Files.writeString(vrps, content.replace(';', '\n'));

    Ran ran = run(POLICY, "--vrps", vrps.toString());

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).startsWith("donut: " + vrps).contains(line);
  }

  @Test
  void a_compressed_payload_file_of_two_members_is_read_whole_or_not_at_all() throws IOException {
    Path vrps = directory.resolve("vrps.csv");
    byte[] one = gzip("AS64999,40.0.0.0/8,8\n");
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(one);
    both.write(gzip("AS64999,30.0.0.0/8,8\n"));
    Files.write(vrps, both.toByteArray());
    assertThat(VrpFile.read(vrps).payloads().size()).isEqualTo(2);

    Files.write(vrps, Arrays.copyOf(both.toByteArray(), one.length + 7));

    assertThat(run(POLICY, "--vrps", vrps.toString()).err())
        .contains("gzip member 2, at byte " + one.length + " of the file: cut within its header");
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.toByteArray();
  }
}
