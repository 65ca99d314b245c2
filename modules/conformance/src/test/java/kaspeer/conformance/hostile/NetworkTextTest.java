package kaspeer.conformance.hostile;

import kaspeer.flow.policy.Policy;

/** {@link ProtocolText} with the preset of the live network. */
class NetworkTextTest extends ProtocolText {
  NetworkTextTest() {
    super(Policy.NETWORK);
  }
}
