package kaspeer.flow;

/**
 * Which version of this interface a plug-in was written for. Anything but an addition makes a new
 * version; a node loads no plug-in of another one.
 */
public final class FlowApi {
  /** The version of the interface in these classes. */
  public static final int VERSION = 1;

  /** The attribute of a plug-in's manifest that names the version it was built for. */
  public static final String ATTRIBUTE = "Kaspeer-Flow-Api";

  private FlowApi() {}
}
