package kaspeer.conformance.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
  void bothGiveTheJvmTheFilesThatTheLauncherGives() {
    String launcher = DeployFiles.text("kaspeer");
    String entrypoint = found("image", "ENTRYPOINT (\\[.*?])'");
    for (String option :
        List.of("@%s/node.options", "-XX:CompilerDirectivesFile=%s/compiler.json")) {
      assertThat(launcher.replace("\"", "")).contains(option.formatted("$jvm"));
      assertThat(entrypoint).contains("\"" + option.formatted("/opt/kaspeer/jvm") + "\"");
    }
    assertThat(DeployFiles.text("image"))
        .contains("\"$root/deploy/jvm\" \"$tree/opt/kaspeer/jvm\"");
    assertThat(DeployFiles.text("Dockerfile")).contains("COPY deploy/jvm /opt/kaspeer/jvm\n");
  }

  @Test
  void bothLinkTheSameModules() {
    assertThat(found("java-modules.sh", "\njava_modules=(\\S+)\n")).contains("java.base");
    assertThat(DeployFiles.text("image")).contains("deploy/java-modules.sh");
    assertThat(DeployFiles.text("Dockerfile")).contains(". deploy/java-modules.sh");
  }
}
