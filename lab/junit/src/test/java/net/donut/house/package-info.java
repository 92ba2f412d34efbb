/// What holds for the whole repository: its measurements (`./donut house`), names that are used
/// once, and the walls that ARCHITECTURE states. It reads sources and compiled classes of every
/// module as files and depends on none of them.
@NullMarked
package net.donut.house;

import org.jspecify.annotations.NullMarked;
