package net.donut.house;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// A Java file as the compiler's parser sees it.
///
/// @param path below the root of the checkout
/// @param nestedTypes that are not private, by their way from the outermost type: `Outer.Inner`
/// @param undocumented public types without javadoc
/// @param code its lines, stripped; imports, comments, lone braces and empty lines are left out
record SourceFile(
    Path path,
    int lines,
    List<String> topLevelTypes,
    List<String> nestedTypes,
    List<String> undocumented,
    List<Method> methods,
    List<String> code) {

  /// A method or constructor with a body; its lines count from its annotations to its last brace.
  record Method(String place, int lines) {}

  static List<SourceFile> parse(Path root, List<Path> files) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  _ -> {},
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      DocTrees trees = DocTrees.instance(task);
      List<SourceFile> parsed = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        Path file = Path.of(unit.getSourceFile().toUri());
        parsed.add(new Scan(unit, trees, root.toAbsolutePath().relativize(file)).file(file));
      }
      return parsed;
    }
  }

  /// One pass over a file's tree. Used by one thread, once.
  private static final class Scan extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final SourcePositions positions;
    private final Path path;
    private final List<String> topLevel = new ArrayList<>();
    private final List<String> nested = new ArrayList<>();
    private final List<String> undocumented = new ArrayList<>();
    private final List<Method> methods = new ArrayList<>();
    private final Deque<String> names = new ArrayDeque<>();

    Scan(CompilationUnitTree unit, DocTrees trees, Path path) {
      this.unit = unit;
      this.trees = trees;
      this.positions = trees.getSourcePositions();
      this.path = path;
    }

    SourceFile file(Path file) throws IOException {
      scan(unit, null);
      List<String> lines = Files.readAllLines(file);
      List<String> code =
          lines.stream().map(String::strip).filter(line -> !line.matches(NO_CODE)).toList();
      return new SourceFile(path, lines.size(), topLevel, nested, undocumented, methods, code);
    }

    private static final String NO_CODE = "|[{}();, ]+|import .*|package .*|//.*|[*/].*|@Override";

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (type.getSimpleName().isEmpty()) {
        return super.visitClass(type, null);
      }
      names.addLast(type.getSimpleName().toString());
      boolean isPrivate = type.getModifiers().getFlags().contains(Modifier.PRIVATE);
      if (names.size() == 1) {
        topLevel.add(names.getLast());
      } else if (!isPrivate) {
        nested.add(String.join(".", names));
      }
      DocCommentTree javadoc = trees.getDocCommentTree(getCurrentPath());
      if (type.getModifiers().getFlags().contains(Modifier.PUBLIC) && javadoc == null) {
        undocumented.add(path + ": " + String.join(".", names));
      }
      super.visitClass(type, null);
      names.removeLast();
      return null;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      if (method.getBody() != null && line(method, false) > 0) {
        int lines = line(method, true) - line(method, false) + 1;
        String place = path + ": " + String.join(".", names) + "." + method.getName();
        methods.add(new Method(place, lines));
      }
      return super.visitMethod(method, null);
    }

    private int line(Tree tree, boolean end) {
      long at = end ? positions.getEndPosition(unit, tree) : positions.getStartPosition(unit, tree);
      return at < 0 ? -1 : (int) unit.getLineMap().getLineNumber(at);
    }
  }
}
