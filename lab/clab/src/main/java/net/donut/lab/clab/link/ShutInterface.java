package net.donut.lab.clab.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.donut.lab.net.Command;
import net.donut.lab.net.LabException;
import net.donut.lab.net.Namespace;

/// An interface that is set down and later up again. The kernel forgets its IPv6 addresses and the
/// routes over it, so they are kept in a file meanwhile, as lines for `ip`.
///
/// @param kept where they are kept
record ShutInterface(Namespace namespace, String device, Path kept) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Routes of a person or a script; a daemon's are its own affair.
  private static final Set<String> BY_HAND = Set.of("boot", "static");

  void shut() {
    List<String> lines = new ArrayList<>(List.of("link set " + device + " up"));
    lines.addAll(addresses());
    lines.addAll(routes("-4"));
    lines.addAll(routes("-6"));
    try {
      Files.write(kept, lines);
    } catch (IOException e) {
      throw LabException.of(kept, e);
    }
    namespace.ip(List.of("link set " + device + " down"));
  }

  void reopen() {
    try {
      namespace.ip(Files.readAllLines(kept));
      Files.delete(kept);
    } catch (IOException e) {
      throw LabException.of(kept, e);
    }
  }

  private List<String> addresses() {
    List<String> lines = new ArrayList<>();
    for (JsonNode address : ask("-4", "address").path(0).path("addr_info")) {
      lines.add(addressLine(address, ""));
    }
    for (JsonNode address : ask("-6", "address").path(0).path("addr_info")) {
      if (address.path("scope").asText().equals("global")) {
        lines.add(addressLine(address, " nodad"));
      }
    }
    return lines;
  }

  private String addressLine(JsonNode address, String flags) {
    return "address replace %s/%d dev %s%s"
        .formatted(
            address.path("local").asText(), address.path("prefixlen").asInt(), device, flags);
  }

  private List<String> routes(String family) {
    List<String> lines = new ArrayList<>();
    String all = family.equals("-6") ? "::/0" : "0.0.0.0/0";
    for (JsonNode route : ask(family, "route")) {
      if (BY_HAND.contains(route.path("protocol").asText())) {
        String destination = route.path("dst").asText();
        String gateway = route.path("gateway").asText();
        lines.add(
            "route replace %s%s dev %s%s"
                .formatted(
                    destination.equals("default") ? all : destination,
                    gateway.isEmpty() ? "" : " via " + gateway,
                    device,
                    route.has("metric") ? " metric " + route.path("metric").asInt() : ""));
      }
    }
    return lines;
  }

  private JsonNode ask(String family, String object) {
    try {
      return JSON.readTree(
          Command.run(
              "ip", "-n", namespace.name(), "-j", "-d", family, object, "show", "dev", device));
    } catch (JsonProcessingException e) {
      throw new LabException("ip -j " + object + ": " + e.getMessage(), e);
    }
  }
}
