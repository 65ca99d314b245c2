package kaspeer.engine.addresses;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the admin endpoint may ask of the address book. */
public sealed interface AddressBook {
  record ListAddresses(ActorRef<AddressList> replyTo) implements AddressBook {}

  record AddressList(List<AddressReport> addresses) {}
}
