package kaspeer.cluster;

import java.util.List;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.remote.RemoteActorRefProvider;

/** Cuts one member off from others: nothing crosses, in neither direction, and nobody is told. */
final class Partition {
  /** How Artery's test mode names its commands; they have no names that Java can say. */
  private static final String THROTTLER =
      "org.apache.pekko.remote.transport.ThrottlerTransportAdapter$";

  private final TestMember one;
  private final List<TestMember> others;

  Partition(TestMember one, TestMember... others) {
    this.one = one;
    this.others = List.of(others);
  }

  void cut() {
    all("Blackhole$");
  }

  void heal() {
    all("Unthrottled$");
  }

  private void all(String mode) {
    for (TestMember other : others) {
      set(one, other, mode);
      set(other, one, mode);
    }
  }

  private static void set(TestMember at, TestMember towards, String mode) {
    Address address =
        new Address(
            "pekko",
            ClusterSettings.SYSTEM,
            towards.options.listen().getAddress().getHostAddress(),
            towards.options.listen().getPort());
    try {
      Object command =
          Class.forName(THROTTLER + "SetThrottle")
              .getConstructors()[0]
              .newInstance(address, singleton("Direction$Both$"), singleton(mode));
      ((RemoteActorRefProvider) ((ExtendedActorSystem) at.cluster.classicSystem()).provider())
          .transport()
          .managementCommand(command);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object singleton(String name) throws ReflectiveOperationException {
    return Class.forName(THROTTLER + name).getField("MODULE$").get(null);
  }
}
