/// What a commit of the engine hands on: what changed for each router, the routes with their next
/// hops and groups, and what to tell the neighbors. Immutable values, usable from any thread;
/// arrays in them are never written.
@NullMarked
package net.donut.core.change;

import org.jspecify.annotations.NullMarked;
