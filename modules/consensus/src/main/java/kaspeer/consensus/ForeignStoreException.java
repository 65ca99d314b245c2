package kaspeer.consensus;

import kaspeer.primitives.Hash;

/** The store holds the DAG of another network. */
public final class ForeignStoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ForeignStoreException(Hash stored, Hash expected) {
    super("the store begins with genesis " + stored + ", this network with " + expected);
  }
}
