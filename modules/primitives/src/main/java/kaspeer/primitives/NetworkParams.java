package kaspeer.primitives;

import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The parameters and genesis blocks that are built in (consensus reference 2.1 to 2.3). */
final class NetworkParams {
  /** Commitment to the empty UTXO set (consensus reference 1.2). */
  private static final Hash EMPTY_MUHASH =
      Hash.fromHex("544eb3142c000f0ad2c76ac41f4222abbababed830eeafee4b6dc56b52d5cac0");

  /**
   * How each genesis payload begins: blue score 0, subsidy 1 KAS, script version 0, the one-byte
   * script 00.
   */
  private static final String PAYLOAD_START = "000000000000000000e1f5050000000000000100";

  private static final Map<Network, Params> ALL = new EnumMap<>(Network.class);

  static {
    for (Network network : Network.values()) {
      ALL.put(network, make(network));
    }
  }

  private NetworkParams() {}

  static Params of(Network network) {
    return Objects.requireNonNull(ALL.get(network));
  }

  private static Params make(Network network) {
    return switch (network) {
      case MAINNET ->
          tenBlocksASecond(
              network, mainnetGenesis(), 225, 15_519_600, 50_000_000_000L, 1000, 110_165_000);
      case TESTNET_10 ->
          tenBlocksASecond(
              network, testnetGenesis(), 250, 15_519_600, 50_000_000_000L, 1000, 88_657_000);
      case SIMNET ->
          tenBlocksASecond(network, simnetGenesis(), 250, 155_196_000, 5_000_000_000L, 100, 0);
      case DEVNET -> tenBlocksASecond(network, devnetGenesis(), 250, 0, 5_000_000_000L, 100, 0);
    };
  }

  private static Params tenBlocksASecond(
      Network network,
      Block genesis,
      int maxBlockLevel,
      long deflationaryPhase,
      long preDeflationarySubsidy,
      long preCrescendoBlockTime,
      long crescendo) {
    boolean simnet = network == Network.SIMNET;
    return new Params(
        network,
        genesis,
        simnet,
        maxBlockLevel,
        /* targetTimePerBlock= */ 100,
        /* ghostdagK= */ 124,
        /* maxBlockParents= */ simnet ? 64 : 16,
        /* mergesetSizeLimit= */ 248,
        /* mergeDepth= */ 36_000,
        /* finalityDepth= */ 432_000,
        /* pruningDepth= */ 1_080_000,
        /* coinbaseMaturity= */ 1000,
        /* timestampTolerance= */ 132_000,
        /* pastMedianTimeWindow= */ 27,
        /* pastMedianTimeSampleRate= */ 100,
        /* difficultyWindow= */ 661,
        /* difficultySampleRate= */ 40,
        /* minDifficultyWindow= */ 150,
        /* pruningProofM= */ 1000,
        /* coinbaseScriptMaxLength= */ 150,
        /* coinbasePayloadMaxLength= */ 204,
        /* maxInputs= */ 1000,
        /* maxOutputs= */ 1000,
        /* maxSignatureScriptLength= */ 250_000,
        /* maxScriptPublicKeyLength= */ 10_000,
        /* massPerTxByte= */ 1,
        /* massPerScriptPubKeyByte= */ 10,
        /* massPerSigOp= */ 1000,
        /* maxComputeMass= */ 500_000,
        /* maxTransientMass= */ 1_000_000,
        /* maxStorageMass= */ 500_000,
        /* maxLanesPerBlock= */ 50,
        /* maxGasPerLane= */ 1_000_000_000,
        /* storageMassParameter= */ 1_000_000_000_000L,
        deflationaryPhase,
        preDeflationarySubsidy,
        preCrescendoBlockTime,
        crescendo);
  }

  private static Block mainnetGenesis() {
    String payload =
        PAYLOAD_START
            + "d795d79ed79420d793d79920d7a2d79cd799d79a20d795d7a2d79c20d790d797d799d79a20d799d799d798d79120"
            + "d791d7a9d790d7a820d79bd7a1d7a4d79020d795d793d794d791d79420d79cd79ed7a2d791d79320d79bd7a8d7a2"
            + "d795d7aa20d790d79cd794d79bd79d20d7aad7a2d791d793d795d79f0000000000000000000b1f8e1c17b0133d43"
            + "9174e52efbb0c41c3583a8aa66b00fca37ca667c2d550a6c4416dad9717e50927128c424fa4edbebc436ab13aeef";
    return genesis(
        "8ec898568c6801d13df4ee6e2a1b54b7e6236f671f20954f05306410518eeb32",
        Hash.fromHex("710f27df423e63aa6cdb72b89ea5a06cffa399d66f167704455b5af59def8e20"),
        1_637_609_671_037L,
        486_722_099,
        0x3392c,
        1_312_860,
        payload);
  }

  private static Block testnetGenesis() {
    return genesis(
        "17341408a5724556504df4d6cf515cbfbb220430dc451c743c22d5e911720c2a",
        EMPTY_MUHASH,
        0x17c5f62fbb6L,
        0x1e7fffff,
        0x14582,
        0,
        PAYLOAD_START + "6b617370612d746573746e6574");
  }

  private static Block simnetGenesis() {
    return genesis(
        "1946d629f7e922a7bced59190521c3771f73d352ddbbb686564ad7fd56857c1b",
        EMPTY_MUHASH,
        0x17c5f62fbb6L,
        0x207fffff,
        2,
        0,
        PAYLOAD_START + "6b617370612d73696d6e6574");
  }

  private static Block devnetGenesis() {
    return genesis(
        "58abf20321d70716162b6bf8d9f589ca33ae6e32b3b19abb7fa65d1141a3f94d",
        EMPTY_MUHASH,
        0x11e9db49828L,
        0x1e21bc1c,
        0x48e5e,
        0,
        PAYLOAD_START + "6b617370612d6465766e6574");
  }

  private static Block genesis(
      String merkleRoot,
      Hash utxoCommitment,
      long timestamp,
      int bits,
      long nonce,
      long daaScore,
      String payload) {
    Header header =
        new Header(
            0,
            ParentsByLevel.NONE,
            Hash.fromHex(merkleRoot),
            Hash.ZERO,
            utxoCommitment,
            timestamp,
            bits,
            nonce,
            daaScore,
            BlueWork.ZERO,
            0,
            Hash.ZERO);
    byte[] bytes = HexFormat.of().parseHex(payload);
    Transaction coinbase =
        new Transaction(0, List.of(), List.of(), 0, SubnetworkId.COINBASE, 0, bytes, 0);
    return new Block(header, List.of(coinbase));
  }
}
