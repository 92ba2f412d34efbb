package net.donut.agent.gribi;

import gribi_aft.GribiAft.Afts;
import net.donut.agent.fib.Group;
import org.jspecify.annotations.Nullable;

/// MPLS labels: kept, and never programmed. Owned by `agent-fib`.
final class LabelEntries implements EntryRules {
  private final GroupLookup lookup;

  LabelEntries(GroupLookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public OperationTarget target(Operation operation) {
    Afts.LabelEntryKey message = operation.message().getMpls();
    long label = message.getLabelUint64();
    if (!message.hasLabelUint64() || label < 0 || label > 0xfffff) {
      return new OperationResult.Failed(
          "label: "
              + (message.hasLabelUint64() ? Long.toUnsignedString(label) : "none")
              + " (expected: label_uint64 of 0..1048575)");
    }
    return new EntryKey(operation.instance().name(), EntryKey.Kind.LABEL, label, 0, 0);
  }

  @Override
  public OperationResult apply(Operation operation, EntryKey key) {
    RibInstance instance = operation.instance();
    Afts.LabelEntryKey message = operation.message().getMpls();
    long label = message.getLabelUint64();
    RibInstance.LabelEntry before = instance.labels().get(label);
    if (operation.isDelete()) {
      if (before != null) {
        before.group().countLabels(-1);
        instance.labels().remove(label);
      }
      return OperationResult.DONE;
    }
    if (operation.isReplace() && before == null) {
      return new OperationResult.Failed(instance.missing("label", label) + "; REPLACE needs it");
    }
    return switch (lookup.find(instance, GroupReference.of(message.getLabelEntry()))) {
      case GroupLookup.Answer.NotFound(OperationResult result) -> result;
      case GroupLookup.Answer.Found(Group group) -> put(instance, message, before, group);
    };
  }

  private static OperationResult put(
      RibInstance instance,
      Afts.LabelEntryKey message,
      RibInstance.@Nullable LabelEntry before,
      Group group) {
    long label = message.getLabelUint64();
    group.countLabels(1);
    if (before != null) {
      before.group().countLabels(-1);
    }
    instance.labels().put(label, new RibInstance.LabelEntry(group, message));
    return new OperationResult.Held(
        "label " + label + ": MPLS is not supported by this forwarding plane",
        OperationResult.Entry.KNOWN_BEFORE);
  }

  void removeAll(RibInstance instance) {
    instance.labels().values().forEach(label -> label.group().countLabels(-1));
    instance.labels().clear();
  }
}
