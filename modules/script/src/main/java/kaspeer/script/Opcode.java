package kaspeer.script;

import static kaspeer.script.Introspection.OUTPUT;
import static kaspeer.script.Introspection.SPENDER;
import static kaspeer.script.Introspection.SPENT;
import static kaspeer.script.Introspection.amount;
import static kaspeer.script.Introspection.bytes;
import static kaspeer.script.Introspection.number;
import static kaspeer.script.Introspection.range;

import java.util.Arrays;
import kaspeer.primitives.Transaction;
import kaspeer.primitives.Transaction.Input;
import kaspeer.primitives.Transaction.Output;
import kaspeer.primitives.UtxoEntry;

/**
 * The opcodes that do more than push a literal, and what each does (consensus reference 6.8.3).
 * Those that push literals, 00 to 60, are known by the constants at the end.
 */
public enum Opcode {
  OP_NOP(0x61, engine -> {}),
  OP_VER(0x62, Control.RESERVED),
  OP_IF(0x63, Kind.CONDITIONAL, engine -> Control.branch(engine, true)),
  OP_NOTIF(0x64, Kind.CONDITIONAL, engine -> Control.branch(engine, false)),
  OP_VERIF(0x65, Kind.ALWAYS_ILLEGAL, Control.RESERVED),
  OP_VERNOTIF(0x66, Kind.ALWAYS_ILLEGAL, Control.RESERVED),
  OP_ELSE(0x67, Kind.CONDITIONAL, engine -> engine.conditions.change()),
  OP_ENDIF(0x68, Kind.CONDITIONAL, engine -> engine.conditions.leave()),
  OP_VERIFY(0x69, Control::verify),
  OP_RETURN(0x6a, Control.RETURN),

  OP_TOALTSTACK(0x6b, StackMoves::toAltStack),
  OP_FROMALTSTACK(0x6c, StackMoves::fromAltStack),
  OP_2DROP(0x6d, StackMoves.drop(2)),
  OP_2DUP(0x6e, StackMoves.duplicate(2)),
  OP_3DUP(0x6f, StackMoves.duplicate(3)),
  OP_2OVER(0x70, StackMoves.over(2)),
  OP_2ROT(0x71, StackMoves.rotate(6, 2)),
  OP_2SWAP(0x72, StackMoves.rotate(4, 2)),
  OP_IFDUP(0x73, StackMoves::duplicateIfTrue),
  OP_DEPTH(0x74, StackMoves::depth),
  OP_DROP(0x75, StackMoves.drop(1)),
  OP_DUP(0x76, StackMoves.duplicate(1)),
  OP_NIP(0x77, StackMoves::nip),
  OP_OVER(0x78, StackMoves.over(1)),
  OP_PICK(0x79, StackMoves::pick),
  OP_ROLL(0x7a, StackMoves::roll),
  OP_ROT(0x7b, StackMoves.rotate(3, 1)),
  OP_SWAP(0x7c, StackMoves.rotate(2, 1)),
  OP_TUCK(0x7d, StackMoves::tuck),

  OP_CAT(0x7e, Splice::concatenate),
  OP_SUBSTR(0x7f, Splice::substring),
  OP_LEFT(0x80, Kind.DISABLED, Control.DISABLED),
  OP_RIGHT(0x81, Kind.DISABLED, Control.DISABLED),
  OP_SIZE(0x82, Splice::size),
  OP_INVERT(0x83, Splice::invert),
  OP_AND(0x84, Splice.bitwise((a, b) -> a & b)),
  OP_OR(0x85, Splice.bitwise((a, b) -> a | b)),
  OP_XOR(0x86, Splice.bitwise((a, b) -> a ^ b)),
  OP_EQUAL(0x87, Splice::equal),
  OP_EQUALVERIFY(0x88, Splice::equalVerify),
  OP_RESERVED1(0x89, Control.RESERVED),
  OP_RESERVED2(0x8a, Control.RESERVED),

  OP_1ADD(0x8b, Arithmetic.unary(Math::incrementExact)),
  OP_1SUB(0x8c, Arithmetic.unary(Math::decrementExact)),
  OP_2MUL(0x8d, Kind.DISABLED, Control.DISABLED),
  OP_2DIV(0x8e, Kind.DISABLED, Control.DISABLED),
  OP_NEGATE(0x8f, Arithmetic.unary(Math::negateExact)),
  OP_ABS(0x90, Arithmetic.unary(Math::absExact)),
  OP_NOT(0x91, Arithmetic.unary(a -> a == 0 ? 1 : 0)),
  OP_0NOTEQUAL(0x92, Arithmetic.unary(a -> a != 0 ? 1 : 0)),
  OP_ADD(0x93, Arithmetic.binary(Math::addExact)),
  OP_SUB(0x94, Arithmetic.binary(Math::subtractExact)),
  OP_MUL(0x95, Arithmetic.binary(Math::multiplyExact)),
  OP_DIV(0x96, Arithmetic.quotient(Math::divideExact)),
  OP_MOD(0x97, Arithmetic.quotient((a, b) -> a % b)),
  OP_LSHIFT(0x98, Kind.DISABLED, Control.DISABLED),
  OP_RSHIFT(0x99, Kind.DISABLED, Control.DISABLED),
  OP_BOOLAND(0x9a, Arithmetic.test((a, b) -> a != 0 && b != 0)),
  OP_BOOLOR(0x9b, Arithmetic.test((a, b) -> a != 0 || b != 0)),
  OP_NUMEQUAL(0x9c, Arithmetic.test((a, b) -> a == b)),
  OP_NUMEQUALVERIFY(0x9d, Arithmetic::equalVerify),
  OP_NUMNOTEQUAL(0x9e, Arithmetic.test((a, b) -> a != b)),
  OP_LESSTHAN(0x9f, Arithmetic.test((a, b) -> a < b)),
  OP_GREATERTHAN(0xa0, Arithmetic.test((a, b) -> a > b)),
  OP_LESSTHANOREQUAL(0xa1, Arithmetic.test((a, b) -> a <= b)),
  OP_GREATERTHANOREQUAL(0xa2, Arithmetic.test((a, b) -> a >= b)),
  OP_MIN(0xa3, Arithmetic.binary(Math::min)),
  OP_MAX(0xa4, Arithmetic.binary(Math::max)),
  OP_WITHIN(0xa5, Arithmetic::within),

  OP_ZKPRECOMPILE(0xa6, Hashing::refuseProof),
  OP_BLAKE2B_WITH_KEY(0xa7, Hashing::blake2bWithKey),
  OP_SHA256(0xa8, Hashing::sha256),
  OP_CHECKMULTISIG_ECDSA(0xa9, Signatures.multisig(SignatureScheme.ECDSA)),
  OP_BLAKE2B(0xaa, Hashing::blake2b),
  OP_CHECKSIG_ECDSA(0xab, Signatures.single(SignatureScheme.ECDSA)),
  OP_CHECKSIG(0xac, Signatures.single(SignatureScheme.SCHNORR)),
  OP_CHECKSIGVERIFY(0xad, Control.thenVerify(Signatures.single(SignatureScheme.SCHNORR))),
  OP_CHECKMULTISIG(0xae, Signatures.multisig(SignatureScheme.SCHNORR)),
  OP_CHECKMULTISIGVERIFY(0xaf, Control.thenVerify(Signatures.multisig(SignatureScheme.SCHNORR))),
  OP_CHECKLOCKTIMEVERIFY(0xb0, LockTimes::checkLockTime),
  OP_CHECKSEQUENCEVERIFY(0xb1, LockTimes::checkSequence),

  OP_TX_VERSION(0xb2, number(Transaction::version)),
  OP_TX_INPUT_COUNT(0xb3, number(tx -> tx.inputs().size())),
  OP_TX_OUTPUT_COUNT(0xb4, number(tx -> tx.outputs().size())),
  OP_TX_LOCK_TIME(0xb5, number(Transaction::lockTime)),
  OP_TX_SUBNET_ID(0xb6, Introspection::subnetworkId),
  OP_TX_GAS(0xb7, number(Transaction::gas)),
  OP_TX_PAYLOAD_SUBSTR(0xb8, Introspection::payloadRange),
  OP_TX_INPUT_INDEX(0xb9, Introspection::inputIndex),
  OP_OUTPOINT_TX_ID(0xba, bytes(SPENDER, input -> input.previous().transactionId().toBytes())),
  OP_OUTPOINT_INDEX(0xbb, number(SPENDER, Introspection::outpointIndex)),
  OP_TX_INPUT_SCRIPT_SIG_SUBSTR(0xbc, range(SPENDER, Input::signatureScript)),
  OP_TX_INPUT_SEQ(0xbd, bytes(SPENDER, Introspection::sequence)),
  OP_TX_INPUT_AMOUNT(0xbe, amount(SPENT, UtxoEntry::amount)),
  OP_TX_INPUT_SPK(0xbf, bytes(SPENT, Introspection::script)),
  OP_TX_INPUT_DAA_SCORE(0xc0, Introspection::daaScore),
  OP_TX_INPUT_IS_COINBASE(0xc1, number(SPENT, entry -> entry.coinbase() ? 1 : 0)),
  OP_TX_OUTPUT_AMOUNT(0xc2, amount(OUTPUT, Output::value)),
  OP_TX_OUTPUT_SPK(0xc3, bytes(OUTPUT, Introspection::script)),
  OP_TX_PAYLOAD_LEN(0xc4, number(tx -> tx.payload().length)),
  OP_TX_INPUT_SPK_LEN(0xc5, number(SPENT, Introspection::scriptLength)),
  OP_TX_INPUT_SPK_SUBSTR(0xc6, range(SPENT, Introspection::script)),
  OP_TX_OUTPUT_SPK_LEN(0xc7, number(OUTPUT, Introspection::scriptLength)),
  OP_TX_OUTPUT_SPK_SUBSTR(0xc8, range(OUTPUT, Introspection::script)),
  OP_TX_INPUT_SCRIPT_SIG_LEN(0xc9, number(SPENDER, input -> input.signatureScript().length)),

  OP_AUTH_OUTPUT_COUNT(0xcb, Covenants::authorizedCount),
  OP_AUTH_OUTPUT_IDX(0xcc, Covenants::authorizedOutput),
  OP_NUM2BIN(0xcd, Arithmetic::toFixedWidth),
  OP_BIN2NUM(0xce, Arithmetic.unary(a -> a)),
  OP_INPUT_COVENANT_ID(0xcf, bytes(SPENT, Covenants::idOf)),
  OP_COV_INPUT_COUNT(0xd0, Covenants::inputCount),
  OP_COV_INPUT_IDX(0xd1, Covenants::input),
  OP_COV_OUTPUT_COUNT(0xd2, Covenants::outputCount),
  OP_COV_OUTPUT_IDX(0xd3, Covenants::output),
  OP_CHAINBLOCK_SEQ_COMMIT(0xd4, Introspection::sequencingCommitment),
  OP_OUTPUT_COVENANT_ID(0xd5, bytes(OUTPUT, Covenants::idOf)),
  OP_OUTPUT_AUTHORIZING_INPUT(0xd6, number(OUTPUT, Covenants::authorizingInput)),

  OP_CHECKSIG_FROM_STACK(0xd7, Signatures.fromStack(SignatureScheme.SCHNORR)),
  OP_CHECKSIG_FROM_STACK_ECDSA(0xd8, Signatures.fromStack(SignatureScheme.ECDSA)),
  OP_BLAKE3(0xd9, Hashing::blake3),
  OP_BLAKE3_WITH_KEY(0xda, Hashing::blake3WithKey),

  /** Any of ca, db to ff: the code here is the last one. */
  OP_INVALID(0xff, Control.INVALID);

  /** Up to 4b, an opcode is the number of bytes that follow and are pushed. */
  static final int MAX_DIRECT_PUSH = 0x4b;

  static final int PUSH_DATA_1 = 0x4c;
  static final int PUSH_DATA_2 = 0x4d;
  static final int PUSH_DATA_4 = 0x4e;
  static final int PUSH_MINUS_ONE = 0x4f;

  /** Counts as a push, and fails when it is executed. */
  static final int RESERVED = 0x50;

  static final int PUSH_1 = 0x51;
  static final int PUSH_16 = 0x60;

  private static final Opcode[] TABLE = new Opcode[256];

  static {
    Arrays.fill(TABLE, OP_INVALID);
    for (Opcode opcode : values()) {
      TABLE[opcode.code] = opcode;
    }
  }

  /** How an opcode is treated besides being executed. */
  enum Kind {
    NORMAL,
    /** Executed in branches that are not taken, too. */
    CONDITIONAL,
    /** Fails in branches that are not taken, too, as disabled. */
    DISABLED,
    /** Fails in branches that are not taken, too, as reserved. */
    ALWAYS_ILLEGAL
  }

  private final int code;
  private final Kind kind;
  private final Instruction instruction;

  Opcode(int code, Instruction instruction) {
    this(code, Kind.NORMAL, instruction);
  }

  Opcode(int code, Kind kind, Instruction instruction) {
    this.code = code;
    this.kind = kind;
    this.instruction = instruction;
  }

  /** The opcode above 60 with this code. */
  static Opcode of(int code) {
    return TABLE[code];
  }

  /** The byte that stands for it in scripts, unsigned. */
  public int code() {
    return code;
  }

  Kind kind() {
    return kind;
  }

  void execute(ScriptEngine engine) throws ScriptException {
    instruction.execute(engine);
  }
}
