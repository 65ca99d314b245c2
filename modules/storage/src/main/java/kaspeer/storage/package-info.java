/**
 * What lasts, on RocksDB: {@link kaspeer.storage.RocksDagStore} behind the store port of consensus,
 * and {@link kaspeer.storage.KeyValueStore} areas for the little that others keep. No class outside
 * this package names RocksDB.
 */
@NullMarked
package kaspeer.storage;

import org.jspecify.annotations.NullMarked;
