package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The two ways to an image lead to the same one. */
final class ImageFilesTest {
  private static String found(String file, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(DeployFiles.text(file));
    assertThat(matcher.find()).as(pattern + " in " + file).isTrue();
    return matcher.group(1);
  }

  @Test
  void bothStartTheSameProgramAsTheSameUser() {
    assertThat(found("image", "ENTRYPOINT (\\[.*?])'"))
        .isEqualTo(found("Dockerfile", "ENTRYPOINT (\\[.*?])\n"));
    assertThat(found("image", "USER (\\S+)'")).isEqualTo(found("Dockerfile", "USER (\\S+)\n"));
    assertThat(found("image", "VOLUME (\\S+)'")).isEqualTo(found("Dockerfile", "VOLUME (\\S+)\n"));
  }

  @Test
  void bothHaveTheOptionsThatTheLauncherGives() {
    String options =
        found("kaspeer", "java_options=\"(.*?)\"")
            + " "
            + found("kaspeer", "set -- (-XX:\\+UseG1GC[^$]*)")
                .replaceAll("[\\\\\\s]+", " ")
                .strip();
    for (String option : options.split(" ")) {
      assertThat(found("image", "ENTRYPOINT (\\[.*?])'")).contains("\"" + option + "\"");
    }
  }

  @Test
  void bothLinkTheSameModules() {
    assertThat(found("java-modules.sh", "\njava_modules=(\\S+)\n")).contains("java.base");
    assertThat(DeployFiles.text("image")).contains("deploy/java-modules.sh");
    assertThat(DeployFiles.text("Dockerfile")).contains(". deploy/java-modules.sh");
  }
}
