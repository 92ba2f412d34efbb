/// Reports as one HTML file that needs nothing else: page, tables, charts drawn as inline SVG.
/// Pure; usable from any thread; depends on the JDK only.
@NullMarked
package net.donut.report;

import org.jspecify.annotations.NullMarked;
