/// Tests of the BFD codec.
@NullMarked
package net.donut.wire.bfd;

import org.jspecify.annotations.NullMarked;
