/** The bytes of stored records: what consensus and storage write in, and read with all care. */
@NullMarked
package kaspeer.primitives.records;

import org.jspecify.annotations.NullMarked;
