package net.donut.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Canaries of the checked build: a module under the project's own pom, with one finding for each
/// check, is refused by each. A pom that lost a check would pass every other test.
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CheckedBuildTest {
  private static final Path ROOT = Path.of(property("donut.root")).toAbsolutePath().normalize();
  private static final int FORMATTER_NEEDS = 21;

  @TempDir private Path directory = Path.of("unset");

  private record Result(int code, String output) {}

  private static String property(String name) {
    String value = System.getProperty(name);
    assertThat(value).as("-D%s, which the pom gives to tests", name).isNotNull();
    return java.util.Objects.requireNonNull(value);
  }

  /// Maven, offline, on the JDK of this test: the build that runs the test has fetched what it
  /// needs.
  private static Result maven(Path pom, String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(property("donut.maven.home"), "bin", "mvn").toString());
    command.addAll(List.of("-o", "-B", "-f", pom.toString()));
    command.add("-Dmaven.repo.local=" + property("donut.maven.repository"));
    command.addAll(List.of(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(new File(ROOT.toString()));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
    String options = Files.readString(ROOT.resolve(".mvn/jvm.config"));
    builder.environment().put("MAVEN_OPTS", options.strip().replace('\n', ' '));
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  private Path module() throws IOException {
    Path pom = directory.resolve("pom.xml");
    return Files.writeString(
        pom,
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <parent>
            <groupId>net.donut</groupId><artifactId>donut</artifactId><version>0.1.0-SNAPSHOT</version>
            <relativePath>%s</relativePath>
          </parent>
          <artifactId>donut-canary</artifactId>
        </project>
        """
            .formatted(directory.toRealPath().relativize(ROOT.toRealPath()).resolve("pom.xml")));
  }

  private void write(String kind, String name, String body) throws IOException {
    Path folder = Files.createDirectories(directory.resolve("src/" + kind + "/java/net/canary"));
    Files.writeString(
        folder.resolve(name + ".java"),
        "@org.jspecify.annotations.NullMarked\nclass %s {\n  %s\n}\n"
            .formatted(name, body)
            .transform(text -> "package net.canary;\n\n" + text));
  }

  @Test
  void error_prone_and_nullaway_refuse_main_code() throws Exception {
    refuse("main");
  }

  @Test
  void error_prone_and_nullaway_refuse_test_code() throws Exception {
    write("main", "Fine", "static int fine;");
    refuse("test");
  }

  private void refuse(String kind) throws Exception {
    write(kind, "Dead", "static void dead() {\n    new IllegalStateException();\n  }");
    write(kind, "Nothing", "static String nothing() {\n    return null;\n  }");

    Result result = maven(module(), "test-compile", "-Dspotless.check.skip=true");

    assertThat(result.code()).as(result.output()).isNotZero();
    assertThat(result.output())
        .containsPattern("ERROR.*src/" + kind + ".*Dead.java:.*\\[DeadException\\]")
        .containsPattern("ERROR.*src/" + kind + ".*Nothing.java:.*\\[NullAway\\]");
  }

  @Test
  void a_warning_of_javac_refuses_code() throws Exception {
    write("main", "Raw", "static java.util.List raw = new java.util.ArrayList<String>();");

    Result result = maven(module(), "test-compile", "-Dspotless.check.skip=true");

    assertThat(result.code()).as(result.output()).isNotZero();
    assertThat(result.output())
        .containsPattern("Raw.java:.*\\[rawtypes\\]")
        .contains("warnings found and -Werror specified");
  }

  @Test
  void a_file_that_is_not_formatted_is_refused() throws Exception {
    write("main", "Crooked", "static   int   crooked;");

    Result result = maven(module(), "spotless:check");

    assertThat(result.code()).as(result.output()).isNotZero();
    assertThat(result.output()).contains("Crooked.java");
  }

  /// Where Maven runs on a Java that the formatter does not, the build has not checked the format:
  /// this does, on the JDK of the tests.
  @Test
  void every_file_is_formatted_where_maven_runs_on_an_old_java() throws Exception {
    if (Integer.parseInt(property("donut.maven.java")) < FORMATTER_NEEDS) {
      Result result = maven(ROOT.resolve("pom.xml"), "-q", "spotless:check");

      assertThat(result.code()).as(result.output()).isZero();
    }
  }
}
