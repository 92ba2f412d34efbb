package net.donut.house;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts the lines of code that lie in a block which occurs a second time.
final class RepeatedLines {
  private record Block(int file, int line) {}

  private RepeatedLines() {}

  /// @param block how many lines in a row must be equal, as [SourceFile#code] gives them
  static int count(List<SourceFile> files, int block) {
    Map<List<String>, List<Block>> blocks = new HashMap<>();
    for (int file = 0; file < files.size(); file++) {
      List<String> code = files.get(file).code();
      for (int line = 0; line + block <= code.size(); line++) {
        blocks
            .computeIfAbsent(code.subList(line, line + block), _ -> new ArrayList<>(1))
            .add(new Block(file, line));
      }
    }
    Map<Integer, BitSet> repeated = new HashMap<>();
    blocks.values().stream()
        .filter(places -> places.size() > 1)
        .flatMap(List::stream)
        .forEach(place ->
            repeated
                .computeIfAbsent(place.file(), _ -> new BitSet())
                .set(place.line(), place.line() + block));
    return repeated.values().stream().mapToInt(BitSet::cardinality).sum();
  }
}
