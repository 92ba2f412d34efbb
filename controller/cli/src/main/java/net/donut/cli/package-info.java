/// The operator's command line. Each command is one short-lived process with one thread: it asks
/// the controller over gRPC, prints, and exits. Depends on the contracts, TLS and the certificate
/// authority; nothing of the controller.
@NullMarked
package net.donut.cli;

import org.jspecify.annotations.NullMarked;
