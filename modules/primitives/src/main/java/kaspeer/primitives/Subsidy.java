package kaspeer.primitives;

/** What a block may create (consensus reference 2.4). */
public final class Subsidy {
  private static final long SECONDS_PER_MONTH = 2_629_800;
  private static final long MILLIS_PER_SECOND = 1000;

  /** An activation that never comes. */
  private static final long NEVER = -1;

  /** Sompi a second, by month since the deflationary phase began; the last entry holds for ever. */
  private static final long[] PER_SECOND_BY_MONTH = {
    44000000000L, 41530469757L, 39199543598L, 36999442271L, 34922823143L, 32962755691L,
    31112698372L, 29366476791L, 27718263097L, 26162556530L, 24694165062L, 23308188075L,
    22000000000L, 20765234878L, 19599771799L, 18499721135L, 17461411571L, 16481377845L,
    15556349186L, 14683238395L, 13859131548L, 13081278265L, 12347082531L, 11654094037L,
    11000000000L, 10382617439L, 9799885899L, 9249860567L, 8730705785L, 8240688922L,
    7778174593L, 7341619197L, 6929565774L, 6540639132L, 6173541265L, 5827047018L,
    5500000000L, 5191308719L, 4899942949L, 4624930283L, 4365352892L, 4120344461L,
    3889087296L, 3670809598L, 3464782887L, 3270319566L, 3086770632L, 2913523509L,
    2750000000L, 2595654359L, 2449971474L, 2312465141L, 2182676446L, 2060172230L,
    1944543648L, 1835404799L, 1732391443L, 1635159783L, 1543385316L, 1456761754L,
    1375000000L, 1297827179L, 1224985737L, 1156232570L, 1091338223L, 1030086115L,
    972271824L, 917702399L, 866195721L, 817579891L, 771692658L, 728380877L,
    687500000L, 648913589L, 612492868L, 578116285L, 545669111L, 515043057L,
    486135912L, 458851199L, 433097860L, 408789945L, 385846329L, 364190438L,
    343750000L, 324456794L, 306246434L, 289058142L, 272834555L, 257521528L,
    243067956L, 229425599L, 216548930L, 204394972L, 192923164L, 182095219L,
    171875000L, 162228397L, 153123217L, 144529071L, 136417277L, 128760764L,
    121533978L, 114712799L, 108274465L, 102197486L, 96461582L, 91047609L,
    85937500L, 81114198L, 76561608L, 72264535L, 68208638L, 64380382L,
    60766989L, 57356399L, 54137232L, 51098743L, 48230791L, 45523804L,
    42968750L, 40557099L, 38280804L, 36132267L, 34104319L, 32190191L,
    30383494L, 28678199L, 27068616L, 25549371L, 24115395L, 22761902L,
    21484375L, 20278549L, 19140402L, 18066133L, 17052159L, 16095095L,
    15191747L, 14339099L, 13534308L, 12774685L, 12057697L, 11380951L,
    10742187L, 10139274L, 9570201L, 9033066L, 8526079L, 8047547L,
    7595873L, 7169549L, 6767154L, 6387342L, 6028848L, 5690475L,
    5371093L, 5069637L, 4785100L, 4516533L, 4263039L, 4023773L,
    3797936L, 3584774L, 3383577L, 3193671L, 3014424L, 2845237L,
    2685546L, 2534818L, 2392550L, 2258266L, 2131519L, 2011886L,
    1898968L, 1792387L, 1691788L, 1596835L, 1507212L, 1422618L,
    1342773L, 1267409L, 1196275L, 1129133L, 1065759L, 1005943L,
    949484L, 896193L, 845894L, 798417L, 753606L, 711309L,
    671386L, 633704L, 598137L, 564566L, 532879L, 502971L,
    474742L, 448096L, 422947L, 399208L, 376803L, 355654L,
    335693L, 316852L, 299068L, 282283L, 266439L, 251485L,
    237371L, 224048L, 211473L, 199604L, 188401L, 177827L,
    167846L, 158426L, 149534L, 141141L, 133219L, 125742L,
    118685L, 112024L, 105736L, 99802L, 94200L, 88913L,
    83923L, 79213L, 74767L, 70570L, 66609L, 62871L,
    59342L, 56012L, 52868L, 49901L, 47100L, 44456L,
    41961L, 39606L, 37383L, 35285L, 33304L, 31435L,
    29671L, 28006L, 26434L, 24950L, 23550L, 22228L,
    20980L, 19803L, 18691L, 17642L, 16652L, 15717L,
    14835L, 14003L, 13217L, 12475L, 11775L, 11114L,
    10490L, 9901L, 9345L, 8821L, 8326L, 7858L,
    7417L, 7001L, 6608L, 6237L, 5887L, 5557L,
    5245L, 4950L, 4672L, 4410L, 4163L, 3929L,
    3708L, 3500L, 3304L, 3118L, 2943L, 2778L,
    2622L, 2475L, 2336L, 2205L, 2081L, 1964L,
    1854L, 1750L, 1652L, 1559L, 1471L, 1389L,
    1311L, 1237L, 1168L, 1102L, 1040L, 982L,
    927L, 875L, 826L, 779L, 735L, 694L,
    655L, 618L, 584L, 551L, 520L, 491L,
    463L, 437L, 413L, 389L, 367L, 347L,
    327L, 309L, 292L, 275L, 260L, 245L,
    231L, 218L, 206L, 194L, 183L, 173L,
    163L, 154L, 146L, 137L, 130L, 122L,
    115L, 109L, 103L, 97L, 91L, 86L,
    81L, 77L, 73L, 68L, 65L, 61L,
    57L, 54L, 51L, 48L, 45L, 43L,
    40L, 38L, 36L, 34L, 32L, 30L,
    28L, 27L, 25L, 24L, 22L, 21L,
    20L, 19L, 18L, 17L, 16L, 15L,
    14L, 13L, 12L, 12L, 11L, 10L,
    10L, 9L, 9L, 8L, 8L, 7L,
    7L, 6L, 6L, 6L, 5L, 5L,
    5L, 4L, 4L, 4L, 4L, 3L,
    3L, 3L, 3L, 3L, 2L, 2L,
    2L, 2L, 2L, 2L, 2L, 1L,
    1L, 1L, 1L, 1L, 1L, 1L,
    1L, 1L, 1L, 1L, 1L, 0L
  };

  private Subsidy() {}

  /**
   * The subsidy of a block in sompi.
   *
   * @param daaScore of the block, unsigned
   */
  public static long of(Params params, long daaScore) {
    if (Long.compareUnsigned(daaScore, params.deflationaryPhaseDaaScore()) < 0) {
      return params.preDeflationarySubsidy();
    }
    long month = Long.divideUnsigned(secondsOfDeflation(params, daaScore), SECONDS_PER_MONTH);
    int index = (int) Math.min(month, PER_SECOND_BY_MONTH.length - 1);
    boolean faster = Long.compareUnsigned(daaScore, params.crescendoActivation()) >= 0;
    return Math.ceilDiv(
        PER_SECOND_BY_MONTH[index], faster ? rateAfter(params) : rateBefore(params));
  }

  /** Seconds since the deflationary phase began, were every block made on time. */
  private static long secondsOfDeflation(Params params, long daaScore) {
    long start = params.deflationaryPhaseDaaScore();
    long crescendo = params.crescendoActivation();
    if (Long.compareUnsigned(crescendo, start) < 0) {
      return Long.divideUnsigned(daaScore - start, rateAfter(params));
    }
    if (Long.compareUnsigned(daaScore, crescendo) < 0) {
      return Long.divideUnsigned(daaScore - start, rateBefore(params));
    }
    return Long.divideUnsigned(crescendo - start, rateBefore(params))
        + Long.divideUnsigned(daaScore - crescendo, rateAfter(params));
  }

  /** Blocks a second before Crescendo; if it was always active, there was no before. */
  private static long rateBefore(Params params) {
    return MILLIS_PER_SECOND
        / (params.crescendoActivation() == 0
            ? params.targetTimePerBlock()
            : params.preCrescendoTargetTimePerBlock());
  }

  /** Blocks a second since Crescendo; if it never comes, there is no after. */
  private static long rateAfter(Params params) {
    return MILLIS_PER_SECOND
        / (params.crescendoActivation() == NEVER
            ? params.preCrescendoTargetTimePerBlock()
            : params.targetTimePerBlock());
  }
}
