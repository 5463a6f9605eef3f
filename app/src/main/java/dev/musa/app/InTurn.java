package dev.musa.app;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.Services;
import java.util.List;
import java.util.stream.Collectors;

/** Services that start one after the other, as one among others that start beside them. */
final class InTurn implements Service {
  private final String name;
  private final Services members;

  InTurn(List<? extends Service> members) {
    this.name = members.stream().map(Service::name).collect(Collectors.joining(", "));
    this.members = new Services(members);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean hasMembers() {
    return true;
  }

  @Override
  public void start() {
    members.start();
  }

  @Override
  public void cancelStart() {
    members.cancelStart();
  }

  @Override
  public void close() {
    members.close();
  }

  /** With a line for each. */
  @Override
  public Health health() {
    return members.health();
  }
}
