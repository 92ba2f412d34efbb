package net.donut.model.table;

import net.donut.model.PathAttributes;
import org.jspecify.annotations.Nullable;

/// An attribute set that will be interned again and again, and remembers where it was found: the
/// second time nothing of it is hashed or compared. Handed over like a value; from then on owned by
/// the thread of the table that interns it.
public final class SharedAttributes {
  private final PathAttributes attributes;
  @Nullable AttributeTable table;
  int id;
  int generation;

  public SharedAttributes(PathAttributes attributes) {
    this.attributes = attributes;
  }

  public PathAttributes attributes() {
    return attributes;
  }
}
