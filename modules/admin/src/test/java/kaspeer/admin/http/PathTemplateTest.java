package kaspeer.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PathTemplateTest {
  @Test
  void aHoleTakesOneSegment() {
    PathTemplate template = PathTemplate.parse("/a/{x}/b");
    assertThat(template.match("/a/1/b")).contains(Map.of("x", "1"));
    assertThat(template.match("/a/1%2F2+3/b")).contains(Map.of("x", "1/2+3"));
    assertThat(template.match("/a//b")).isEmpty();
    assertThat(template.match("/a/1/2/b")).isEmpty();
    assertThat(template.match("/a/1/b/")).isEmpty();
    assertThat(template.match("/a/1")).isEmpty();
  }

  @Test
  void aStarTakesTheRest() {
    PathTemplate template = PathTemplate.parse("/bans/{address*}");
    assertThat(template.text()).isEqualTo("/bans/{address}");
    assertThat(template.match("/bans/10.0.0.0/8")).contains(Map.of("address", "10.0.0.0/8"));
    assertThat(template.match("/bans")).isEmpty();
  }
}
