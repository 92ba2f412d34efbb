package net.donut.agent.gribi;

import java.util.Map;
import net.donut.agent.fib.Group;

/// Finds the groups that prefixes and labels refer to, in whichever network instance. Owned by
/// `agent-fib`.
final class GroupLookup {
  private final Map<String, RibInstance> instances;

  GroupLookup(Map<String, RibInstance> instances) {
    this.instances = instances;
  }

  /// The group, or the result of the operation that refers to it.
  sealed interface Answer {
    record Found(Group group) implements Answer {}

    record NotFound(OperationResult result) implements Answer {}
  }

  Answer find(RibInstance own, GroupReference reference) {
    if (reference.group() == 0) {
      return failed("next_hop_group: none (expected: the id of one)");
    }
    RibInstance instance =
        reference.instance().isEmpty() ? own : instances.get(reference.instance());
    if (instance == null) {
      return failed(
          "next_hop_group_network_instance: '"
              + reference.instance()
              + "' (expected: one of "
              + instances.keySet()
              + ")");
    }
    RibInstance.GroupEntry found = instance.groups().get(reference.group());
    return found == null
        ? new Answer.NotFound(
            new OperationResult.Waiting(
                EntryKey.group(instance.name(), reference.group()),
                instance.missing("next-hop group", reference.group())))
        : new Answer.Found(found.group());
  }

  private static Answer failed(String text) {
    return new Answer.NotFound(new OperationResult.Failed(text));
  }
}
