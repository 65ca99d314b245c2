package kaspeer.engine.catalogue;

import java.util.List;

/** The registered flows do not fit together, or one of a plug-in is broken: no node starts. */
public final class CatalogueException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final List<String> faults;

  public CatalogueException(List<String> faults) {
    super("the flows do not fit together: " + String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  /** One thing is wrong with a plug-in. */
  public CatalogueException(String fault) {
    super(fault);
    this.faults = List.of(fault);
  }

  /** All that is wrong, one sentence each. */
  public List<String> faults() {
    return faults;
  }
}
