/// Tests of the engine against a model of plain maps and lists.
@NullMarked
package net.donut.core;

import org.jspecify.annotations.NullMarked;
