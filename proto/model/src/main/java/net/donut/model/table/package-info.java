/// Dense tables in primitives that agent and controller share: prefixes to slots, attribute sets to
/// ids. Each table belongs to one thread, its owner's; nothing here locks. Depends on the model and
/// the JDK.
@NullMarked
package net.donut.model.table;

import org.jspecify.annotations.NullMarked;
