/**
 * The public wire: which payloads there are and what each may cost ({@link
 * kaspeer.wire.PayloadCatalogue}), the check of a frame's raw bytes before they become objects
 * ({@link kaspeer.wire.RawCheck}), and converters between protobuf messages and the primitives.
 */
@NullMarked
package kaspeer.wire;

import org.jspecify.annotations.NullMarked;
