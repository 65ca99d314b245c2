package kaspeer.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeaderCacheTest {
  @Test
  void theLeastRecentlyUsedHeadersGoFirstWhenTheBytesAreUsedUp() {
    long each = HeaderCache.weight(TestData.header(1));
    HeaderCache cache = new HeaderCache(3 * each);
    for (int id = 1; id <= 3; id++) {
      cache.put(id, TestData.header(id));
    }
    assertThat(cache.get(1)).isNotNull();
    cache.put(4, TestData.header(4));
    assertThat(cache.get(2)).isNull();
    assertThat(cache.get(1)).isNotNull();
    assertThat(cache.get(4)).isNotNull();
    assertThat(cache.bytes()).isEqualTo(3 * each);
  }

  @Test
  void aCacheWithoutRoomHoldsNothing() {
    HeaderCache cache = new HeaderCache(0);
    cache.put(1, TestData.header(1));
    assertThat(cache.get(1)).isNull();
    assertThat(cache.bytes()).isZero();
  }
}
