/// What outlives the controller: the applied policy, drained neighbors, and the count of its
/// starts, as small files of one directory. Each write is atomic: a killed controller leaves the
/// old file or the new one.
@NullMarked
package net.donut.controller.state;

import org.jspecify.annotations.NullMarked;
