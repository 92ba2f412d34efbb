/// Tests of text for terminals.
@NullMarked
package net.donut.report.text;

import org.jspecify.annotations.NullMarked;
