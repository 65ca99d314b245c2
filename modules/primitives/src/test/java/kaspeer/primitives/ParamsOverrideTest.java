package kaspeer.primitives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ParamsOverrideTest {
  /** Every name there is, with a value of its own. */
  private static final String ALL =
      """
      {"timestamp_deviation_tolerance":600,"past_median_time_window_size":26,"difficulty_window_size":661,
      "min_difficulty_window_size":151,"coinbase_payload_script_public_key_max_len":152,
      "max_coinbase_payload_len":205,"max_tx_inputs":1001,"max_tx_outputs":1002,"max_signature_script_len":250001,
      "max_script_public_key_len":10001,"mass_per_tx_byte":2,"mass_per_script_pub_key_byte":11,
      "mass_per_sig_op":1003,"block_mass_limits":{"storage":500001,"compute":500002,"transient":1000003},
      "block_lane_limits":{"lanes_per_block":51,"gas_per_lane":1000000001},"storage_mass_parameter":10000,
      "deflationary_phase_daa_score":7,"pre_deflationary_phase_base_subsidy":5000000001,"skip_proof_of_work":true,
      "max_block_level":254,"pruning_proof_m":1004,"blockrate":{"target_time_per_block":1000,"ghostdag_k":20,
      "past_median_time_sample_rate":10,"difficulty_sample_rate":2,"max_block_parents":81,
      "mergeset_size_limit":1240,"merge_depth":36001,"finality_depth":432001,"pruning_depth":1080001,
      "coinbase_maturity":200},"pre_crescendo_target_time_per_block":99,"crescendo_activation":8}""";

  private static final Params DEVNET = Params.of(Network.DEVNET);

  @Test
  void everyNameSetsItsParameter() {
    assertThat(ParamsOverride.parse(ALL).apply(DEVNET))
        .isEqualTo(
            new Params(
                Network.DEVNET,
                DEVNET.genesis(),
                /* skipProofOfWork= */ true,
                /* maxBlockLevel= */ 254,
                /* targetTimePerBlock= */ 1000,
                /* ghostdagK= */ 20,
                /* maxBlockParents= */ 81,
                /* mergesetSizeLimit= */ 1240,
                /* mergeDepth= */ 36_001,
                /* finalityDepth= */ 432_001,
                /* pruningDepth= */ 1_080_001,
                /* coinbaseMaturity= */ 200,
                /* timestampTolerance= */ 600_000,
                /* pastMedianTimeWindow= */ 26,
                /* pastMedianTimeSampleRate= */ 10,
                /* difficultyWindow= */ 661,
                /* difficultySampleRate= */ 2,
                /* minDifficultyWindow= */ 151,
                /* pruningProofM= */ 1004,
                /* coinbaseScriptMaxLength= */ 152,
                /* coinbasePayloadMaxLength= */ 205,
                /* maxInputs= */ 1001,
                /* maxOutputs= */ 1002,
                /* maxSignatureScriptLength= */ 250_001,
                /* maxScriptPublicKeyLength= */ 10_001,
                /* massPerTxByte= */ 2,
                /* massPerScriptPubKeyByte= */ 11,
                /* massPerSigOp= */ 1003,
                /* maxComputeMass= */ 500_002,
                /* maxTransientMass= */ 1_000_003,
                /* maxStorageMass= */ 500_001,
                /* maxLanesPerBlock= */ 51,
                /* maxGasPerLane= */ 1_000_000_001,
                /* storageMassParameter= */ 10_000,
                /* deflationaryPhaseDaaScore= */ 7,
                /* preDeflationarySubsidy= */ 5_000_000_001L,
                /* preCrescendoTargetTimePerBlock= */ 99,
                /* crescendoActivation= */ 8));
  }

  @ParameterizedTest
  @EnumSource(value = Network.class, mode = EnumSource.Mode.EXCLUDE, names = "MAINNET")
  void whatIsNotGivenStaysAsItIs(Network network) {
    Params params = Params.of(network);
    assertThat(ParamsOverride.parse("{}").apply(params)).isEqualTo(params);
    assertThat(
            ParamsOverride.parse(
                    "{\"blockrate\": null, \"max_tx_inputs\": null, \"skip_proof_of_work\": null}")
                .apply(params))
        .isEqualTo(params);
  }

  @Test
  void mainnetCannotBeOverridden() {
    ParamsOverride override = ParamsOverride.parse("{}");
    assertThatThrownBy(() -> override.apply(Params.of(Network.MAINNET)))
        .isInstanceOf(InvalidParamsException.class)
        .hasMessage("the parameters of mainnet cannot be overridden");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|the whole is an array, not an object",
        "{|not JSON at character 2: a name expected",
        "{}x|not JSON at character 3: nothing more expected",
        "{'toccata_activation':42}|unknown field toccata_activation",
        "{'max_tx_inputs':1,'max_tx_inputs':1}|not JSON at character 37: duplicate name 'max_tx_inputs'",
        "{'max_tx_inputs':-1}|max_tx_inputs is -1, not a whole number from 0 to 2147483647",
        "{'max_tx_inputs':1.5}|max_tx_inputs is 1.5, not a whole number from 0 to 2147483647",
        "{'max_tx_inputs':'1'}|max_tx_inputs is \"1\", not a whole number from 0 to 2147483647",
        "{'max_tx_inputs':2147483648}|max_tx_inputs is 2147483648, but must be at most 2147483647",
        "{'max_block_level':256}|max_block_level is 256, but must be at most 255",
        "{'skip_proof_of_work':1}|skip_proof_of_work is 1, not true or false",
        "{'pre_crescendo_target_time_per_block':0}"
            + "|pre_crescendo_target_time_per_block is 0, but must be at least 1",
        "{'crescendo_activation':18446744073709551616}"
            + "|crescendo_activation is 18446744073709551616, but must be at most 18446744073709551615",
        "{'blockrate':{}}|blockrate.target_time_per_block is missing",
        "{'blockrate':5}|blockrate is 5, not an object",
        "{'block_mass_limits':{'storage':1,'compute':2}}|block_mass_limits.transient is missing",
        "{'block_mass_limits':{'storage':1,'compute':2,'transient':3,'other':4}}"
            + "|unknown field block_mass_limits.other",
        "{'block_lane_limits':{'lanes_per_block':1,'gas_per_lane':null}}"
            + "|block_lane_limits.gas_per_lane is null, not a whole number from 0 to 9223372036854775807"
      },
      quoteCharacter = '~')
  void errorsNameTheField(String json, String message) {
    assertThatThrownBy(() -> ParamsOverride.parse(json.replace('\'', '"')))
        .isInstanceOf(InvalidParamsException.class)
        .hasMessage(message);
  }

  @Test
  void namesFromOutsideAreShownInOneShortLine() {
    assertThatThrownBy(() -> ParamsOverride.parse("{\"a\\nb" + "c".repeat(1000) + "\": 1}"))
        .isInstanceOf(InvalidParamsException.class)
        .hasMessage("unknown field a?b" + "c".repeat(37) + "…");
  }

  /** The full text with a piece cut out and another put in. */
  @Provide
  Arbitrary<String> mutations() {
    return Arbitraries.integers()
        .between(0, ALL.length())
        .tuple2()
        .flatMap(
            cut ->
                Arbitraries.of(
                        "", "{", "}", "[", "\"", ",", ":", "-", "9999999999", "null", "true", "1e9")
                    .map(
                        piece ->
                            ALL.substring(0, Math.min(cut.get1(), cut.get2()))
                                + piece
                                + ALL.substring(Math.max(cut.get1(), cut.get2()))));
  }

  @Property(tries = 500)
  void anyTextGivesAnOverrideOrTheOneException(@ForAll("mutations") String text) {
    try {
      assertThat(ParamsOverride.parse(text).apply(DEVNET).network()).isEqualTo(Network.DEVNET);
    } catch (InvalidParamsException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(250).doesNotContain("\n");
    }
  }
}
