package net.donut.controller;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// How to run a controller.
public record ControllerOptions(
    Path policy, InetSocketAddress listen, Path socket, Path stateDirectory, String version) {}
