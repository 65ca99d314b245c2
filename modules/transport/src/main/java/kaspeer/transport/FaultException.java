package kaspeer.transport;

import kaspeer.wire.WireFault;

/**
 * Carries a fault out of a stream of bytes. Has no stack trace: it is an answer, not an accident.
 */
final class FaultException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient WireFault fault;

  FaultException(WireFault fault) {
    super(fault.toString(), null, false, false);
    this.fault = fault;
  }

  WireFault fault() {
    return fault;
  }
}
