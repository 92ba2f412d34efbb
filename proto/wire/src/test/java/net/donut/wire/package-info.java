/// What the tests of the codecs share: the fixtures, and how archives and captures are opened.
@NullMarked
package net.donut.wire;

import org.jspecify.annotations.NullMarked;
