/// Who may talk to whom: TLS 1.3 with certificates on both sides of every gRPC hop, the roles in
/// them, the one table of what a role may call, and the limits of a server. Credentials are
/// reloaded by the thread `tls-reload`; checks run on the threads of gRPC. Depends on the model,
/// gRPC and Netty.
@NullMarked
package net.donut.tls;

import org.jspecify.annotations.NullMarked;
