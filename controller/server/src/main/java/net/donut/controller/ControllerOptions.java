package net.donut.controller;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import net.donut.tls.Protection;
import org.jspecify.annotations.Nullable;

/// How to run a controller.
///
/// @param socketGroup whose members may use the socket; null for the group of the process
/// @param record where the inputs of `rib` are recorded; null for nowhere
public record ControllerOptions(
    Path policy,
    InetSocketAddress listen,
    Path socket,
    @Nullable String socketGroup,
    Path stateDirectory,
    String version,
    Protection protection,
    @Nullable Path record) {}
