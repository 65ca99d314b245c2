@NullMarked
package kaspeer.engine.metrics;

import org.jspecify.annotations.NullMarked;
