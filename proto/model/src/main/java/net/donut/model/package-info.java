/// The values every module shares: addresses, prefixes, path attributes, route changes. Immutable,
/// usable from any thread, depending on nothing but the JDK.
@NullMarked
package net.donut.model;

import org.jspecify.annotations.NullMarked;
