package net.donut.core;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import net.donut.core.answer.RejectReason;
import net.donut.model.PathAttributes;
import net.donut.model.table.AttributeTable;
import org.agrona.collections.Long2LongHashMap;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/// What the decision needs to know of a path, numbered: paths of a neighbor with the same rank, MED
/// and exit have the same grade, so that most attribute sets share one. Owned by the engine's
/// thread.
final class Grades {
  /*
   * `ofAttributes[id]` is the grade of attribute set id for the neighbor that asked first, which is
   * nearly always the only one (the path begins with its AS); others go to a map. A negative number
   * is a grade that was rejected. Grades are never freed while a policy lasts: there are as many as
   * distinct (neighbor, path length, origin, MED, next hop).
   */
  private record Grade(
      int neighbor, long rank, long med, int as, int exit, @Nullable RejectReason reason) {}

  private static final long MISSING = 0;

  private final AttributeTable attributes;
  private final CoreNeighbors neighbors;
  private final Exits exits;
  private final net.donut.model.Family family;
  private Verdicts verdicts;

  private int[] ofAttributes = new int[64];
  private final Long2LongHashMap ofOthers = new Long2LongHashMap(MISSING);
  private final BitSet sharedAttributes = new BitSet();
  private final Map<Grade, Integer> numbers = new HashMap<>();
  private Grade[] grades = new Grade[64];
  private int[] neighborOf = new int[64];
  private int used = 1;

  Grades(
      AttributeTable attributes,
      CoreNeighbors neighbors,
      Exits exits,
      net.donut.model.Family family,
      Verdicts verdicts) {
    this.attributes = attributes;
    this.neighbors = neighbors;
    this.exits = exits;
    this.family = family;
    this.verdicts = verdicts;
  }

  /// Forgets everything and judges by another policy.
  void restart(Verdicts next) {
    verdicts = next;
    Arrays.fill(ofAttributes, 0);
    ofOthers.clear();
    sharedAttributes.clear();
    numbers.clear();
    used = 1;
  }

  /// Judges by another policy what was not judged yet.
  void judgeBy(Verdicts next) {
    verdicts = next;
  }

  /// Forgets what was judged of one neighbor.
  void restart(int neighbor) {
    for (int id = 0; id < ofAttributes.length; id++) {
      int known = ofAttributes[id];
      if (known != 0 && neighborOf[Math.abs(known)] == neighbor) {
        ofAttributes[id] = 0;
      }
    }
    LongArrayList keys = new LongArrayList();
    ofOthers.forEachLong((key, _) -> {
      if ((int) (key >>> 32) == neighbor) {
        keys.addLong(key);
      }
    });
    keys.forEachLong(key -> {
      long _ = ofOthers.remove(key);
    });
  }

  /// The grade of a path, negative when rejected, never 0.
  int grade(int neighbor, int attributeId) {
    if (attributeId < ofAttributes.length) {
      int known = ofAttributes[attributeId];
      if (known != 0 && neighborOf[Math.abs(known)] == neighbor) {
        return known;
      }
    }
    return unknown(neighbor, attributeId);
  }

  private int unknown(int neighbor, int attributeId) {
    if (attributeId >= ofAttributes.length) {
      ofAttributes = Arrays.copyOf(ofAttributes, attributeId + Math.max(64, attributeId >> 2));
    }
    boolean first = ofAttributes[attributeId] == 0;
    long key = (long) neighbor << 32 | attributeId;
    if (!first) {
      int known = (int) ofOthers.get(key);
      if (known != 0) {
        return known;
      }
    }
    int grade = judge(neighbors.get(neighbor), attributes.get(attributeId));
    if (first) {
      ofAttributes[attributeId] = grade;
    } else {
      ofOthers.put(key, grade);
      sharedAttributes.set(attributeId);
    }
    return grade;
  }

  private int judge(Neighbor neighbor, PathAttributes path) {
    RejectReason reason = verdicts.ofAttributes(neighbor, family, path);
    if (reason != null) {
      return -number(new Grade(neighbor.index, 0, 0, 0, Exits.NONE, reason));
    }
    return number(
        new Grade(
            neighbor.index,
            verdicts.rank(neighbor, path),
            Verdicts.med(path),
            Verdicts.neighborAs(neighbor, path),
            exits.number(neighbor.index, path.nextHop()),
            null));
  }

  private int number(Grade grade) {
    Integer known = numbers.get(grade);
    if (known != null) {
      return known;
    }
    if (used == grades.length) {
      grades = Arrays.copyOf(grades, used * 2);
      neighborOf = Arrays.copyOf(neighborOf, used * 2);
    }
    grades[used] = grade;
    neighborOf[used] = grade.neighbor();
    numbers.put(grade, used);
    return used++;
  }

  /// The attribute set id is free: it may stand for another set from now on.
  void forget(int attributeId) {
    if (attributeId < ofAttributes.length) {
      ofAttributes[attributeId] = 0;
    }
    if (sharedAttributes.get(attributeId)) {
      sharedAttributes.clear(attributeId);
      for (int neighbor = 0; neighbor < neighbors.size(); neighbor++) {
        ofOthers.remove((long) neighbor << 32 | attributeId);
      }
    }
  }

  int neighbor(int grade) {
    return neighborOf[grade];
  }

  long rank(int grade) {
    return grades[grade].rank();
  }

  long med(int grade) {
    return grades[grade].med();
  }

  int as(int grade) {
    return grades[grade].as();
  }

  int exit(int grade) {
    return grades[grade].exit();
  }

  /// Why a grade that [#grade] gave as negative was rejected, else null.
  @Nullable RejectReason reason(int grade) {
    return grade > 0 ? null : grades[-grade].reason();
  }
}
