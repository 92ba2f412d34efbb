package net.donut.tls;

import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.donut.api.agent.v1.AgentGrpc;

/// The gRPC services of our contracts, as generated: a new one is among them without being named.
final class ApiServices {
  private static final String SUFFIX = "Grpc.class";

  private ApiServices() {}

  static List<ServiceDescriptor> all()
      throws IOException, URISyntaxException, ReflectiveOperationException {
    Path contracts =
        Path.of(AgentGrpc.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(contracts)) {
      return below(contracts);
    }
    try (FileSystem jar = FileSystems.newFileSystem(contracts)) {
      return below(jar.getPath("/"));
    }
  }

  private static List<ServiceDescriptor> below(Path root)
      throws IOException, ReflectiveOperationException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(file -> file.toString().endsWith(SUFFIX)).toList();
    }
    List<ServiceDescriptor> services = new ArrayList<>();
    for (Path file : files) {
      String name = root.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
      services.add(
          (ServiceDescriptor) Class.forName(name).getMethod("getServiceDescriptor").invoke(null));
    }
    return services;
  }
}
