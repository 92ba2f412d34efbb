package net.donut.api;

/// A command of the `donut` program that a module contributes through `ServiceLoader`: a class
/// annotated as a picocli command, with a public constructor without arguments that does no work.
public interface DonutCommand {}
