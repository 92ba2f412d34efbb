/// Tests of chaos: its pure parts, and a short run over a real lab.
@NullMarked
package net.donut.lab.chaos;

import org.jspecify.annotations.NullMarked;
