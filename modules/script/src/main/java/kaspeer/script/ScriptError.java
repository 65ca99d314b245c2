package kaspeer.script;

/** Why a script does not allow its output to be spent (consensus reference 6.8). */
public enum ScriptError {
  /** A push wants more bytes than the script has left, for its length or for its data. */
  MALFORMED_PUSH("a push runs past the end of the script"),
  /** Longer than {@link ScriptLimits#MAX_SCRIPT_SIZE}. */
  SCRIPT_TOO_LONG("the script is too long"),
  /** A value longer than {@link ScriptLimits#MAX_ELEMENT_SIZE}. */
  ELEMENT_TOO_BIG("a stack element is too big"),
  /** More values on both stacks than {@link ScriptLimits#MAX_STACK_SIZE}. */
  STACK_OVERFLOW("too many stack elements"),
  /** More than {@link ScriptLimits#MAX_OPERATIONS} in one script. */
  TOO_MANY_OPERATIONS("too many operations"),
  /** More work than the input committed to pay for. */
  SCRIPT_UNITS_EXCEEDED("more script units used than the input committed to"),

  /** An opcode that means nothing. */
  INVALID_OPCODE("invalid opcode"),
  /** An opcode that is kept for later; some even where they are skipped. */
  RESERVED_OPCODE("reserved opcode"),
  /** An opcode that is switched off, even where it is skipped. */
  DISABLED_OPCODE("disabled opcode"),
  /** The signature script does something else than pushing. */
  SIGNATURE_SCRIPT_NOT_PUSH_ONLY("the signature script does not only push"),
  /** ELSE or ENDIF without IF, or IF without ENDIF. */
  UNBALANCED_CONDITIONAL("unbalanced conditional"),

  /** The opcode wants more values than the stack has. */
  STACK_UNDERFLOW("too few stack elements"),
  /** A stack is empty where one value is wanted. */
  EMPTY_STACK("the stack is empty"),
  /** PICK or ROLL from outside the stack. */
  INVALID_STACK_DEPTH("no stack element at this depth"),
  /** More than one value is left in the end. */
  UNCLEAN_STACK("more than one stack element is left"),
  /** What is left in the end is false. */
  EVAL_FALSE("the script ends in false"),
  /** A VERIFY opcode found false. */
  VERIFY_FAILED("a verification failed"),
  /** RETURN. */
  EARLY_RETURN("the script returns early"),

  /** A number longer than 8 bytes, or one beyond the 32 or 64 bits that are wanted. */
  NUMBER_TOO_BIG("a number is too big"),
  /** A result beyond 64 bits. */
  NUMBER_OVERFLOW("a result is beyond 64 bits"),
  /** A number that needs more bytes than it may have. */
  NUMBER_NOT_ENCODABLE("a number does not fit its encoding"),
  /** NUM2BIN to more than 8 bytes. */
  INVALID_NUMBER_SIZE("a number cannot be this wide"),
  /** DIV or MOD by zero. */
  DIVISION_BY_ZERO("division by zero"),
  /** Bitwise logic on values of different lengths. */
  OPERAND_LENGTH_MISMATCH("operands of different lengths"),
  /** A negative index. */
  INVALID_INDEX("a negative index"),
  /** A range that ends before it starts. */
  INVALID_RANGE("a range ends before it starts"),
  /** A range that goes past the end of the data. */
  RANGE_OUT_OF_BOUNDS("a range goes past the end"),

  /** The transaction has no such input. */
  NO_SUCH_INPUT("no such input"),
  /** The transaction has no such output. */
  NO_SUCH_OUTPUT("no such output"),
  /** The covenant has no such input. */
  NO_SUCH_COVENANT_INPUT("no such input of the covenant"),
  /** The covenant has no such output. */
  NO_SUCH_COVENANT_OUTPUT("no such output of the covenant"),
  /** The input authorizes no such output. */
  NO_SUCH_AUTHORIZED_OUTPUT("no such output authorized by the input"),
  /** Not 32 bytes where a hash is wanted. */
  INVALID_HASH_LENGTH("a hash has 32 bytes"),
  /** More than 64 bytes for BLAKE2b, other than 32 for BLAKE3. */
  INVALID_HASH_KEY_LENGTH("the hash function's key has the wrong length"),

  /** Lock time or sequence of the transaction do not satisfy the script. */
  UNSATISFIED_LOCK_TIME("unsatisfied lock time"),
  /** The block is not known, or not any more. */
  BLOCK_UNKNOWN("the block is unknown or pruned"),
  /** The block is not on the selected chain. */
  BLOCK_NOT_ON_CHAIN("the block is not on the selected chain"),
  /** The block is too deep to be asked about. */
  BLOCK_TOO_DEEP("the block is too deep"),

  /** Not one of the six. */
  INVALID_HASH_TYPE("invalid signature hash type"),
  /** A public key that cannot be one. */
  MALFORMED_PUBLIC_KEY("malformed public key"),
  /** A signature that cannot be one. */
  MALFORMED_SIGNATURE("malformed signature"),
  /** A message that is not 32 bytes long. */
  INVALID_MESSAGE_LENGTH("a signed message has 32 bytes"),
  /** A multisig of a negative number of keys, or more than 20. */
  INVALID_KEY_COUNT("invalid number of public keys"),
  /** A multisig of a negative number of signatures, or more than keys. */
  INVALID_SIGNATURE_COUNT("invalid number of signatures"),
  /** A failed multisig some of whose signatures are not empty. */
  NULL_FAIL("a failed multisig with signatures that are not empty"),

  /** A zero-knowledge proof of a kind that does not exist. */
  INVALID_ZK_TAG("no such kind of zero-knowledge proof"),
  /** The script wants a zero-knowledge proof checked, which this node cannot do yet. */
  UNSUPPORTED_ZK("zero-knowledge proofs are not supported by this node");

  private final String description;

  ScriptError(String description) {
    this.description = description;
  }

  /** In words. */
  public String description() {
    return description;
  }
}
