package kaspeer.consensus;

/**
 * The DAG has more headers, or longer lists, than its tables in memory can number, however much
 * heap there is. Nothing more can be accepted, and a restart meets the same end.
 */
public final class DagCapacityException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param what the table that is full, and how much is in it
   */
  public DagCapacityException(String what) {
    super(
        "the DAG is as large as this version can hold: "
            + what
            + "; a restart or more memory does not help, a newer version may");
  }
}
