/// What the engine answers to questions: routes and why they are as they are, coverage, counts,
/// what would happen if. Immutable values, usable from any thread; the words that operators read
/// ([RejectReason], [OriginValidity]) are theirs.
@NullMarked
package net.donut.core.answer;

import org.jspecify.annotations.NullMarked;
