/** What a node is told: options, environment, file and defaults, checked before anything starts. */
@NullMarked
package kaspeer.node.config;

import org.jspecify.annotations.NullMarked;
