package kaspeer.engine.catalogue;

import java.util.List;

/** The registered flows do not fit together: the node does not start. */
public final class CatalogueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final List<String> faults;

  public CatalogueException(List<String> faults) {
    super("the flows do not fit together: " + String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  /** All that is wrong, one sentence each. */
  public List<String> faults() {
    return faults;
  }
}
