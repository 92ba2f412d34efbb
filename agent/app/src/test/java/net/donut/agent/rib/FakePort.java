package net.donut.agent.rib;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.donut.model.Family;

/// Remembers what the RIB said.
final class FakePort implements RibPort {
  final List<String> limits = new ArrayList<>();
  final List<String> bursts = new ArrayList<>();
  final List<String> notices = new ArrayList<>();
  final Map<String, SessionCounts> counts = new HashMap<>();

  @Override
  public void overLimit(String session, Family family, int prefixes, int limit) {
    limits.add("over " + session + " " + family + " " + prefixes + "/" + limit);
  }

  @Override
  public void limitRaised(String session, Family family) {
    limits.add("raised " + session + " " + family);
  }

  @Override
  public void nearLimit(String session, Family family, int prefixes, int limit) {
    limits.add("near " + session + " " + family + " " + prefixes + "/" + limit);
  }

  @Override
  public void withdrawing(String session, boolean much) {
    bursts.add(session + " " + much);
  }

  @Override
  public void counts(SessionCounts value) {
    counts.put(value.session(), value);
  }

  @Override
  public void notice(String text) {
    notices.add(text);
  }
}
