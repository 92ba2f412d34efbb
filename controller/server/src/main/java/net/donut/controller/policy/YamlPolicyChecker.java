package net.donut.controller.policy;

import java.util.List;
import net.donut.api.PolicyChecker;

/// The checker that the command line finds through `ServiceLoader`.
public final class YamlPolicyChecker implements PolicyChecker {

  /// Does no work.
  public YamlPolicyChecker() {}

  @Override
  public List<Problem> check(String fileName, String text) {
    return PolicyReader.read(fileName, text).problems();
  }
}
