package io.millrace.connectors.nexmark;

/** Random numbers by counter: SplitMix64 entered at any place. Which field uses which number is fixed here. */
final class NexmarkRandom {
    static final int AUCTION = 0;
    static final int BIDDER = 1;
    static final int PRICE = 2;
    static final int CHANNEL = 3;
    static final int EXTRA = 4;

    static final int SELLER = 8;
    static final int CATEGORY = 9;
    static final int INITIAL_BID = 10;
    static final int RESERVE = 11;
    static final int EXPIRES = 12;
    static final int ITEM_NAME = 13;
    static final int DESCRIPTION = 14;

    static final int FIRST_NAME = 16;
    static final int LAST_NAME = 17;
    static final int EMAIL_NAME = 18;
    static final int EMAIL_HOST = 19;
    static final int CREDIT_CARD = 20;
    static final int CITY = 24;
    static final int STATE = 25;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private NexmarkRandom() {}

    /** The random number of one field of one event. */
    static long random(long seed, long event, int field) {
        return mix(seed + (event * 64 + field + 1) * GOLDEN);
    }

    private static long mix(long state) {
        long z = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    static long low(long random) {
        return random & 0xffffffffL;
    }

    static long high(long random) {
        return random >>> 32;
    }

    /** Below {@code n}, of a 32-bit half. */
    static long below(long half, long n) {
        return half * n >>> 32;
    }
}
