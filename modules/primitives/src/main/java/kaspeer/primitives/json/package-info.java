/**
 * A strict JSON reader of bounded depth with exact 64-bit numbers, and blocks in the JSON form of
 * kaspad's RPC. Whatever the text, the only exception is {@link
 * kaspeer.primitives.json.JsonException}.
 */
@NullMarked
package kaspeer.primitives.json;

import org.jspecify.annotations.NullMarked;
