package kaspeer.conformance.hostile;

import kaspeer.flow.policy.Policy;

/** {@link ProtocolText} with the preset that bans as the first text says. */
class StrictTextTest extends ProtocolText {
  StrictTextTest() {
    super(Policy.STRICT);
  }
}
