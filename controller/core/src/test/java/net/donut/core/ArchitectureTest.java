package net.donut.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("net.donut.core");

  @Test
  void the_core_knows_the_model_and_the_jdk() {
    classes()
        .that()
        .resideInAPackage("net.donut.core..")
        .and()
        .doNotHaveFullyQualifiedName("net.donut.core.BogonTable")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "net.donut.core..",
            "net.donut.model..",
            "java.lang..",
            "java.math",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "java.time",
            "org.agrona.collections",
            "org.jspecify.annotations")
        .check(CORE);
  }

  /// The table of bogons is a constant in a resource file, so that one class opens a stream.
  @Test
  void only_the_table_of_bogons_reads_and_only_from_the_class_path() {
    classes()
        .that()
        .haveFullyQualifiedName("net.donut.core.BogonTable")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "net.donut.core..",
            "net.donut.model..",
            "java.lang..",
            "java.util..",
            "java.io",
            "java.nio.charset",
            "org.jspecify.annotations")
        .check(CORE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(java.io.File.class, java.io.FileInputStream.class, java.net.URL.class)
        .check(CORE);
  }

  @Test
  void the_core_has_no_threads_and_asks_no_clock() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, java.time.Clock.class, java.time.Instant.class)
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(CORE);
  }

  @Test
  void values_do_not_know_the_engine() {
    noClasses()
        .that()
        .resideInAnyPackage("net.donut.core.policy", "net.donut.core.change")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("net.donut.core")
        .check(CORE);
    noClasses()
        .that()
        .resideInAPackage("net.donut.core.answer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.donut.core", "net.donut.core.policy")
        .check(CORE);
  }

  @Test
  void the_decision_knows_nothing_else_of_the_core() {
    noClasses()
        .that()
        .resideInAPackage("net.donut.core.decision")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "net.donut.core",
            "net.donut.core.policy",
            "net.donut.core.change",
            "net.donut.core.answer")
        .check(CORE);
  }
}
