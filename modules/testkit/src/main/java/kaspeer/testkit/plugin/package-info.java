/** Jars of plug-ins for tests: from source text, or from the classes of a module. */
@NullMarked
package kaspeer.testkit.plugin;

import org.jspecify.annotations.NullMarked;
