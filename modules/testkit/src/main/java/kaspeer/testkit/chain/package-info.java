/**
 * Block DAGs made for a test, of any shape and by the rules, blocks that break one rule, and a
 * server of such a DAG.
 */
@NullMarked
package kaspeer.testkit.chain;

import org.jspecify.annotations.NullMarked;
