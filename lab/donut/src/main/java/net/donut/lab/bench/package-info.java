/// Measurements of whole routers under a full table, side by side with others. Each runs on the
/// thread that asked for it. May depend on everything of the lab.
@NullMarked
package net.donut.lab.bench;

import org.jspecify.annotations.NullMarked;
