/// Tests of the answers.
@NullMarked
package net.donut.core.answer;

import org.jspecify.annotations.NullMarked;
