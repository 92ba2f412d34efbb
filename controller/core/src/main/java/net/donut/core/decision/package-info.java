/// The decision: which of the paths of one prefix is best, and at which step each of the others
/// lost. Pure, and knows nothing else of the core.
///
/// ## What RFC 4271 says (§9.1)
///
/// * Phase 1 gives each path a degree of preference: policy for paths from outside, LOCAL_PREF for
///   those from inside.
/// * Phase 2 picks, for each destination, the path with the highest degree. A path whose next hop
///   cannot be resolved, or whose AS_PATH has our own AS, takes no part.
/// * Of equal degrees, §9.1.2.2 removes in this order all paths that (a) have a longer AS_PATH,
///   where an AS_SET counts as one; (b) have a higher ORIGIN; (c) have a higher MULTI_EXIT_DISC
///   than another path from the same neighbor AS, absent being 0; (d) come from inside while one
///   comes from outside; (e) have a higher interior cost to the next hop; (f) come from a higher
///   BGP identifier; (g) come from a higher neighbor address.
/// * Phase 3 tells the neighbors.
///
/// ## What we do
///
/// * The steps are those of [Step], in its order; `docs/policy.md` has the same table.
/// * Before them, an operator's word: a neighbor that is drained, and an override of a prefix.
/// * The degree is one number in the RFC and three of ours: the band (the relation of the neighbor:
///   customer before peer before transit), GRACEFUL_SHUTDOWN (RFC 8326), then the preference from
///   the policy. With `ranking: local-pref` all bands are one, and the degree is LOCAL_PREF or 100.
/// * (a) to (e) are as the RFC has them. MED orders only paths of one AS, so it orders nothing as a
///   whole: it is a round over those that are left ([Elimination]), never a comparator, and so the
///   result does not depend on the order of arrival.
/// * There is no iBGP. Every router decides over the paths of the whole network: "from outside" is
///   an exit at this router, "from inside" one at another, and the interior cost is that of our
///   links.
/// * After (g) the name of the neighbor decides, so that the order is total. RFC 5004 (keep the
///   older path) is not followed: the result would depend on history.
/// * A winner is not enough: [Elimination#places] gives the best, then the best without it, and so
///   on. The next ones are the backups.
///
/// ## When we decide again
///
/// A prefix is decided at the next commit of the engine when
///
/// * a path of it was announced, withdrawn or replaced;
/// * a policy was applied: then every prefix is;
/// * the networks of our interfaces changed, and with them whether one of its paths is refused for
///   its next hop or for being inside the LAN of an exchange;
/// * an operator drained or restored one of its neighbors, or set or ended an override of it;
/// * liveness changed and some router can use none of its three exits, or has exits that were
///   chosen because it could use no better: a lost link alone leaves a prefix in its class, and
///   only the class is forwarded anew;
/// * the distances between our routers changed, where there are more than two;
/// * a router that heard nobody hears us again.
@NullMarked
package net.donut.core.decision;

import org.jspecify.annotations.NullMarked;
