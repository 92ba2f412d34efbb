package net.donut.core;

/// Whether packets can leave by an interface of a router.
public enum InterfaceState {
  UP,
  DOWN
}
