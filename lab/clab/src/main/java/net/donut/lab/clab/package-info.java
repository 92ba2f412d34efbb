/// Labs from containerlab files, on the runtime that each was deployed with.
@NullMarked
package net.donut.lab.clab;

import org.jspecify.annotations.NullMarked;
