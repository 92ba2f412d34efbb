package net.donut.lab.clab.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.donut.lab.clab.model.NodeDefinition;
import net.donut.lab.clab.model.RuntimeKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Topology files that are templates, with the files beside them.
class TemplatesTest {
  private static final String NODES =
      """
      name: t
      topology:
        nodes:
      {{- range $name, $image := .nodes }}
          {{ $name }}: {kind: linux, image: {{ $image }}, user: ${WHO}}
      {{- end }}
      """;

  @TempDir private Path directory;

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private TopologyReader.Result read(String text, String... variables) throws IOException {
    write("t.clab.gotmpl", text);
    List<Path> files = List.of(variables).stream().map(directory::resolve).toList();
    return TopologyReader.read(
        directory.resolve("t.clab.gotmpl"),
        new TopologyReader.Purpose("", RuntimeKind.NETNS, TopologyReader.Unsupported.REFUSE, files),
        Map.of("WHO", "nobody"));
  }

  private List<String> errors(String text, String... variables) throws IOException {
    return read(text, variables).problems().errors().stream().map(Object::toString).toList();
  }

  @Test
  void variables_beside_the_file_are_merged_by_the_alphabet() throws IOException {
    write("t.clab_vars.yml", "nodes: {b: busybox}\n");
    write("t.clab_vars.more.json", "{\"nodes\": {\"a\": \"alpine\", \"b\": \"overridden\"}}");
    write("t.clab_vars.txt", "nodes: {c: other}\n");
    write("t_vars.yml", "nodes: {d: other}\n");

    List<NodeDefinition> nodes = read(NODES).orThrow().nodes();

    assertThat(nodes).extracting(NodeDefinition::name).containsExactly("a", "b");
    assertThat(nodes).extracting(NodeDefinition::image).containsExactly("alpine", "busybox");
    assertThat(nodes.getFirst().start().user()).isEqualTo("nobody");
  }

  @Test
  void given_variables_go_instead_of_those_beside_the_file() throws IOException {
    write("t.clab_vars.yml", "nodes: {b: busybox}\n");
    write("one.yml", "nodes: {x: alpine}\n");
    write("two.yml", "nodes: {y: alpine}\n");

    assertThat(read(NODES, "one.yml", "two.yml").orThrow().nodes())
        .extracting(NodeDefinition::name)
        .containsExactly("x", "y");
    assertThat(errors(NODES, "three.yml"))
        .containsExactly(
            directory.resolve("three.yml")
                + ":1: "
                + directory.resolve("three.yml")
                + ": no such file (expected: variables)");
  }

  @Test
  void templates_of_the_directory_beside_the_file_can_be_called() throws IOException {
    write(
        "clab_templates/node.gotmpl",
        "{{ define \"node\" }}{kind: linux, image: {{ . }}}{{ end }}");

    TopologyReader.Result result =
        read("name: t\ntopology: {nodes: {a: {{ template \"node\" \"alpine\" }}}}\n");

    assertThat(result.orThrow().nodes().getFirst().image()).isEqualTo("alpine");
    assertThat(result.text())
        .isEqualTo("name: t\ntopology: {nodes: {a: {kind: linux, image: alpine}}}\n");
  }

  @Test
  void lines_behind_the_template_are_of_the_rendered_text() throws IOException {
    assertThat(errors(NODES + "{{ if true }}\nlinks: []\n{{ end }}"))
        .contains(
            "t.clab.gotmpl (rendered):5: t.clab.gotmpl (rendered): unknown key 'links' (expected:"
                + " one of debug, mgmt, name, prefix, settings, topology)");
    assertThat(read("name: {{ .lab }}\n").text()).isEqualTo("name: <no value>\n");
  }

  @Test
  void mistakes_of_templates_and_variables_are_told_by_their_place() throws IOException {
    assertThat(errors("name: t\n{{ env \"X\" }}"))
        .singleElement()
        .asString()
        .startsWith("t.clab.gotmpl:2:4: function 'env' is not known");
    write("clab_templates/node.gotmpl", "\n{{ end }}");
    assertThat(errors("{{ 1 }}"))
        .containsExactly("node.gotmpl:2:1: 'end' (expected: nothing that it could end)");
    write("t.clab_vars.yml", "- a\n");
    assertThat(errors("{{ 1 }}"))
        .containsExactly("t.clab_vars.yml:1: variables: a list (expected: a mapping)");
  }

  @Test
  void anchors_that_stand_for_too_much_are_refused() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x]\n");
    for (int i = 1; i < 16; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i)).append("*a%d,".formatted(i - 1).repeat(3));
      bomb.append("]\n");
    }
    write("t.clab_vars.yml", bomb.toString());

    assertThat(errors("{{ . }}")).singleElement().asString().contains("stand for too much");
    write("t.clab_vars.yml", "a: " + "[".repeat(100_000));
    assertThat(errors("{{ . }}")).singleElement().asString().startsWith("t.clab_vars.yml:1: not");
    write("t.clab_vars.yml", "a: &a [*a]\n");
    assertThat(errors("{{ . }}")).singleElement().asString().contains("an anchor inside itself");
  }
}
