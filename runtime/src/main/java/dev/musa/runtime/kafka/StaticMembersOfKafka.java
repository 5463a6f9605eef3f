package dev.musa.runtime.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupResult;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/** By an admin client, which ends with it. */
final class StaticMembersOfKafka implements StaticMembers {
  private final Admin admin;

  StaticMembersOfKafka(Admin admin) {
    this.admin = admin;
  }

  @Override
  public Set<String> of(String group) {
    try {
      Map<String, ConsumerGroupDescription> described =
          calls()
              .get(
                  admin.describeConsumerGroups(List.of(group)).all(),
                  "reading the members of group " + group);
      return described.values().stream()
          .flatMap(each -> each.members().stream())
          .flatMap(member -> member.groupInstanceId().stream())
          .collect(Collectors.toUnmodifiableSet());
    } catch (GroupIdNotFoundException _) {
      return Set.of();
    }
  }

  @Override
  public void remove(String group, Set<String> instanceIds, String reason) {
    Set<MemberToRemove> members =
        instanceIds.stream().map(MemberToRemove::new).collect(Collectors.toSet());
    var options = new RemoveMembersFromConsumerGroupOptions(members);
    options.reason(reason);
    RemoveMembersFromConsumerGroupResult result =
        admin.removeMembersFromConsumerGroup(group, options);
    KafkaCalls calls = calls();
    for (MemberToRemove member : members) {
      try {
        var _ = calls.get(result.memberResult(member), "removing members of group " + group);
      } catch (UnknownMemberIdException _) {
        // It has gone by itself.
      }
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }

  private static KafkaCalls calls() {
    return KafkaCalls.within(KafkaCalls.DEFAULT_TIMEOUT);
  }
}
