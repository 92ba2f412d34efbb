package net.donut.agent.rib;

import net.donut.model.Family;

/// What the RIB asks of or tells the rest of the agent; called on `agent-rib`, must not block.
public interface RibPort {
  /// A session has sent more routes than its limit: end it.
  void overLimit(String session, Family family, int prefixes, int limit);

  /// A session may send more routes of a family than before.
  void limitRaised(String session, Family family);

  /// A session nears its limit.
  void nearLimit(String session, Family family, int prefixes, int limit);

  /// A session withdraws much at once, or does no longer, see [WithdrawalBurst].
  void withdrawing(String session, boolean much);

  /// Counts changed; at most twice a second a session.
  void counts(SessionCounts counts);

  /// One line for the operator.
  void notice(String text);
}
