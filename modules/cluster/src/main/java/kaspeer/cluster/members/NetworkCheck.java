package kaspeer.cluster.members;

import com.typesafe.config.Config;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Members of one cluster are of one network: whoever is of another is not let in. Made by the actor
 * system, by its name in the settings.
 */
public final class NetworkCheck extends JoinConfigCompatChecker {
  /** Where the settings say of which network a member is. */
  public static final String NETWORK = "kaspeer.cluster.network";

  @Override
  public Seq<String> requiredKeys() {
    return CollectionConverters.asScala(List.of(NETWORK)).toSeq();
  }

  @Override
  public ConfigValidation check(Config theirs, Config ours) {
    return fullMatch(requiredKeys(), theirs, ours);
  }
}
