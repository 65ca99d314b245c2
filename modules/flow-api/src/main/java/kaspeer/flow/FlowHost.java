package kaspeer.flow;

import java.nio.file.Path;
import java.time.InstantSource;

/** What a plug-in's factory is given for as long as the node runs. */
public interface FlowHost {
  /**
   * The flow's own folder beside its jar, named like the flow; settings and small state go there.
   * It exists.
   */
  Path folder();

  /** What the flow has to tell the node's operator. */
  Telemetry telemetry();

  InstantSource clock();
}
