package net.donut.bgp;

import net.donut.model.Family;
import net.donut.wire.bgp.BgpMessage;

/// A listener that hears only what it overrides, for speakers that mostly speak.
public interface SelectiveListener extends BgpListener {
  @Override
  default void established(String neighbor, SessionInfo session) {}

  @Override
  default void update(String neighbor, BgpMessage.Update update) {}

  @Override
  default void endOfRib(String neighbor, Family family) {}

  @Override
  default void refreshRequested(String neighbor, Family family) {}

  @Override
  default void markStale(String neighbor, Family family) {}

  @Override
  default void sweepStale(String neighbor, Family family) {}

  @Override
  default void down(String neighbor, Down down) {}
}
