package net.donut.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The walls that docs/ARCHITECTURE.md states, held against the compiled classes of every module.
final class WallsTest {
  private static final Path ROOT = House.root();

  /// What a word in the list of modules stands for, by package.
  private static final Map<String, List<String>> LIBRARIES =
      Map.ofEntries(
          Map.entry("JDK", List.of()),
          Map.entry("Agrona", List.of("org.agrona")),
          Map.entry("BouncyCastle", List.of("org.bouncycastle")),
          Map.entry("commons-compress", List.of("org.apache.commons.compress")),
          Map.entry("XZ", List.of("org.tukaani.xz")),
          Map.entry(
              "gRPC",
              List.of("io.grpc", "com.google.rpc", "com.google.common", "javax.annotation")),
          Map.entry("HdrHistogram", List.of("org.HdrHistogram")),
          Map.entry("Jackson", List.of("com.fasterxml.jackson")),
          Map.entry("JUnit", List.of("org.junit", "org.opentest4j", "org.apiguardian")),
          Map.entry("Netty", List.of("io.netty")),
          Map.entry("netty-buffer", List.of("io.netty.buffer", "io.netty.util")),
          Map.entry("picocli", List.of("picocli")),
          Map.entry("protobuf", List.of("com.google.protobuf")),
          Map.entry("SLF4J", List.of("org.slf4j")),
          Map.entry("SnakeYAML", List.of("org.snakeyaml")));

  /// Packages of generated code: protobuf messages and gRPC stubs.
  private static final String[] GENERATED = {
    "com.google.protobuf..",
    "net.donut.api.agent.v1..",
    "net.donut.api.operator.v1..",
    "gribi..",
    "gribi_aft..",
    "ywrapper.."
  };

  private static final List<ModuleTable> MODULES = new ArrayList<>();
  private static JavaClasses classes;

  @BeforeAll
  static void reads_every_module() throws IOException {
    MODULES.clear();
    MODULES.addAll(ModuleTable.read(ROOT));
    for (ModuleTable module : MODULES) {
      assertThat(module.classes(ROOT))
          .as("%s is not compiled: run mvn test-compile", module.directory())
          .isDirectory();
    }
    classes =
        new ClassFileImporter()
            .importPaths(MODULES.stream().map(module -> module.classes(ROOT)).toList());
  }

  @Test
  void every_module_is_in_the_list_of_modules() throws IOException {
    List<String> found = new ArrayList<>();
    for (String side : List.of("proto", "agent", "controller", "lab")) {
      try (var directories = Files.list(ROOT.resolve(side))) {
        directories
            .filter(directory -> Files.exists(directory.resolve("pom.xml")))
            .forEach(directory -> found.add(side + "/" + directory.getFileName()));
      }
    }

    assertThat(MODULES)
        .extracting(ModuleTable::directory)
        .containsExactlyInAnyOrderElementsOf(found);
  }

  @Test
  void a_module_uses_what_its_item_says_and_nothing_else() {
    Map<String, ModuleTable> byName = new HashMap<>();
    MODULES.forEach(module -> byName.put(module.shortName(), module));
    List<String> wrong = new ArrayList<>();

    for (ModuleTable module : MODULES) {
      Set<String> unused = new TreeSet<>(module.uses());
      unused.remove("JDK");
      for (JavaClass type : classes) {
        if (isOf(type.getPackageName(), module)) {
          type.getDirectDependenciesFromSelf()
              .forEach(dependency -> {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String user = user(module, byName, target);
                if (user == null) {
                  wrong.add(module.directory() + ": " + dependency.getDescription());
                } else {
                  unused.remove(user);
                }
              });
        }
      }
      unused.forEach(word -> wrong.add(module.directory() + " says that it uses " + word));
    }

    assertThat(wrong).isEmpty();
  }

  /// The word of a module's item that allows a class, "" for what needs none; null if none does.
  private static @Nullable String user(
      ModuleTable module, Map<String, ModuleTable> byName, JavaClass target) {
    String name = target.getPackageName();
    if (target.isPrimitive() || isOf(name, module)) {
      return "";
    }
    if (isBelow(name, "java")
        || isBelow(name, "javax")
        || isBelow(name, "com.sun")
        || isBelow(name, "org.jspecify.annotations")) {
      return "";
    }
    for (String word : module.uses()) {
      ModuleTable other = byName.get(word);
      if (other != null && isOf(name, other)) {
        return word;
      }
      if (other == null) {
        assertThat(LIBRARIES).as("%s uses", module.directory()).containsKey(word);
        if (LIBRARIES.getOrDefault(word, List.of()).stream()
            .anyMatch(library -> isBelow(name, library))) {
          return word;
        }
      }
    }
    return null;
  }

  private static boolean isOf(String name, ModuleTable module) {
    return module.packages().stream().anyMatch(owned -> isBelow(name, owned));
  }

  private static boolean isBelow(String name, String above) {
    return name.equals(above) || name.startsWith(above + ".");
  }

  @Test
  void protobuf_is_carried_at_the_border_only() {
    noClasses()
        .that()
        .resideOutsideOfPackages(GENERATED)
        .and()
        .resideOutsideOfPackages(
            "net.donut.api",
            "net.donut.agent.gribi",
            "net.donut.agent.service",
            "net.donut.controller.rib",
            "net.donut.controller.southbound",
            "net.donut.controller.northbound",
            "net.donut.cli",
            "net.donut.lab..")
        .and()
        .doNotHaveFullyQualifiedName("net.donut.agent.AgentProcess")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(GENERATED)
        .check(classes);
  }

  @Test
  void foreign_memory_is_the_business_of_netlink() {
    noClasses()
        .that()
        .resideOutsideOfPackage("net.donut.netlink")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign")
        .check(classes);
  }

  private static final String[] MAY_LOCK = {
    "net.donut.model.queue", "net.donut.tls", "net.donut.lab..", "net.donut.fixtures"
  };

  private static final DescribedPredicate<JavaClass> LOCK_OR_ATOMIC =
      DescribedPredicate.describe(
          "are locks or atomics",
          type ->
              (isBelow(type.getPackageName(), "java.util.concurrent.atomic")
                      || isBelow(type.getPackageName(), "java.util.concurrent.locks"))
                  && !type.isEquivalentTo(LockSupport.class));

  @Test
  void locks_and_atomics_are_in_queues_in_tls_and_in_measurements() {
    noClasses()
        .that()
        .resideOutsideOfPackages(MAY_LOCK)
        .and()
        .resideOutsideOfPackages(GENERATED)
        .should()
        .dependOnClassesThat(LOCK_OR_ATOMIC)
        .check(classes);
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackages(MAY_LOCK)
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackages(GENERATED)
        .should(ArchConditions.not(ArchConditions.haveModifier(JavaModifier.SYNCHRONIZED)))
        .check(classes);
  }
}
