/// A small certificate authority for labs and first installs: keys, certificates with a role, and
/// the list of the revoked. Each call runs on its caller's thread and holds the directory's lock.
/// Depends on the model and on BouncyCastle.
@NullMarked
package net.donut.pki;

import org.jspecify.annotations.NullMarked;
