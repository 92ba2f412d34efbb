/// The policy as values: what the operator declares about the network, its neighbors and filters.
/// Immutable, usable from any thread, depending on the model only.
@NullMarked
package net.donut.core.policy;

import org.jspecify.annotations.NullMarked;
