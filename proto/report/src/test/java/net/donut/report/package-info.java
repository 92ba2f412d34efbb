/// Tests of the report pieces.
@NullMarked
package net.donut.report;

import org.jspecify.annotations.NullMarked;
