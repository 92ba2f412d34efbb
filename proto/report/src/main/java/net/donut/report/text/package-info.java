/// Text for terminals: aligned tables, a few colours, numbers with thousands marks. Pure; usable
/// from any thread; depends on the JDK only.
@NullMarked
package net.donut.report.text;

import org.jspecify.annotations.NullMarked;
