/// What the fuzz targets of all modules share: the bounds an input must be decoded in, and a seeded
/// mutator for the runs within the tests. Used by tests only; one thread; depends on the JDK, and
/// brings Jazzer to the modules that have targets.
@NullMarked
package net.donut.fuzz;

import org.jspecify.annotations.NullMarked;
