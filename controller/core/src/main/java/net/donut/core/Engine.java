package net.donut.core;

import java.util.List;
import net.donut.core.policy.Policy;
import net.donut.model.Family;
import net.donut.model.IpAddress;
import net.donut.model.PathAttributes;
import net.donut.model.Prefixes;

/// The network's routing state and its decision. Changes are collected until [#commit], which
/// decides what they touch and returns what changed for routers and neighbors. Queries answer as of
/// the last commit. Owned by the RIB thread.
public final class Engine {
  private final Policy policy;

  public Engine(Policy policy) {
    this.policy = policy;
  }

  public Policy policy() {
    return policy;
  }

  /// Grows with every commit that changed something.
  public long generation() {
    throw new UnsupportedOperationException();
  }

  /// The number of a neighbor of the policy, which it keeps as long as it is in the policy. Throws
  /// IllegalArgumentException naming those known.
  public int neighbor(String name) {
    throw new UnsupportedOperationException(name);
  }

  /// A neighbor announced prefixes.
  public void announce(int neighbor, Prefixes prefixes, PathAttributes attributes) {
    throw new UnsupportedOperationException();
  }

  /// A neighbor withdrew prefixes; those it never announced are ignored.
  public void withdraw(int neighbor, Prefixes prefixes) {
    throw new UnsupportedOperationException();
  }

  /// A full snapshot of a neighbor's routes of a family begins: what is known stays until the end.
  public void sweepStart(int neighbor, Family family) {
    throw new UnsupportedOperationException();
  }

  /// The snapshot is complete: what it did not repeat is withdrawn. Returns how many prefixes.
  public int sweepEnd(int neighbor, Family family) {
    throw new UnsupportedOperationException();
  }

  /// Forgets everything heard from a neighbor in a family. Returns how many prefixes.
  public int clear(int neighbor, Family family) {
    throw new UnsupportedOperationException();
  }

  /// What became of a session. Costs O(classes), not O(prefixes), unless prefixes lose all of their
  /// exit list.
  public void setSession(int neighbor, Family family, SessionLiveness liveness) {
    throw new UnsupportedOperationException();
  }

  /// What became of an interface of a router, whether towards neighbors or another router of ours;
  /// others are ignored. Unless told, interfaces are up. Costs as [#setSession].
  public void setInterface(String router, String interfaceName, InterfaceState state) {
    throw new UnsupportedOperationException();
  }

  /// Ranks the paths of a neighbor below all others until [#undrain].
  public void drain(int neighbor) {
    throw new UnsupportedOperationException();
  }

  public void undrain(int neighbor) {
    throw new UnsupportedOperationException();
  }

  public boolean isDrained(int neighbor) {
    throw new UnsupportedOperationException();
  }

  /// Replaces the policy and decides everything anew. Neighbors that remain, by name, keep what was
  /// heard from them.
  public void applyPolicy(Policy next) {
    throw new UnsupportedOperationException();
  }

  /// Decides what changed since the commit before.
  public Delta commit() {
    throw new UnsupportedOperationException();
  }

  /// Everything a router is to have and its neighbors to be told, as of the last commit.
  public RouterView snapshot(String router) {
    throw new UnsupportedOperationException();
  }

  /// What a neighbor is told, as of the last commit.
  public List<ExportBlock.Announce> exports(int neighbor) {
    throw new UnsupportedOperationException();
  }

  /// Why an address goes where it goes at a router.
  public Explanation explain(IpAddress address, String router) {
    throw new UnsupportedOperationException();
  }

  /// A page of routes; paths are ranked as the neighbor's own router sees them.
  public RoutePage routes(RouteQuery query) {
    throw new UnsupportedOperationException();
  }

  /// Judges the address space; lists are cut at `limit`. O(prefixes).
  public Coverage coverage(int limit) {
    throw new UnsupportedOperationException();
  }

  /// O(classes) as long as every prefix is forwarded everywhere, else O(prefixes).
  public Counts counts() {
    throw new UnsupportedOperationException();
  }

  public NeighborCounts neighborCounts(int neighbor) {
    throw new UnsupportedOperationException();
  }

  /// What changes would do, without doing them. Nothing may be uncommitted.
  public WhatIf whatIf(List<WhatIf.Change> changes) {
    throw new UnsupportedOperationException();
  }
}
