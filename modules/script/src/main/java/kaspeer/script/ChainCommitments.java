package kaspeer.script;

import kaspeer.primitives.Hash;

/**
 * What scripts can ask about the selected chain, seen from the block that a transaction is checked
 * for (consensus reference 6.7, opcode d4). Thread safe.
 */
@FunctionalInterface
public interface ChainCommitments {
  /** No chain: every question is an error. */
  ChainCommitments NONE =
      block -> {
        throw new ScriptException(ScriptError.BLOCK_UNKNOWN, block.toString());
      };

  /**
   * The sequencing commitment of a block.
   *
   * @throws ScriptException {@link ScriptError#BLOCK_UNKNOWN}, {@link
   *     ScriptError#BLOCK_NOT_ON_CHAIN} or {@link ScriptError#BLOCK_TOO_DEEP}
   */
  Hash sequencingCommitment(Hash block) throws ScriptException;
}
