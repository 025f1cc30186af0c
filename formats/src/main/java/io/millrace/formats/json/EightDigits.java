package io.millrace.formats.json;

/**
 * Up to eight decimal digits at once, as the little-endian word they lie in. Multiplying neighbours together in pairs,
 * fours and eights is Lemire's (Number Parsing at a Gigabyte per Second, 2021).
 */
final class EightDigits {
    private static final long ZEROS = 0x3030303030303030L;
    private static final long ABOVE_NINE = 0x7676767676767676L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    private EightDigits() {}

    /** How many of the first bytes are digits, 0 to 8. */
    static int count(long word) {
        long values = word ^ ZEROS;
        // A carry out of a byte that is no digit only reaches bytes behind it.
        long others = (values + ABOVE_NINE | values) & HIGHS;
        return Long.numberOfTrailingZeros(others) >>> 3;
    }

    /** The number that the first {@code digits} bytes make, 1 to 8 of them. */
    static long value(long word, int digits) {
        long values = (word ^ ZEROS) << 64 - 8 * digits;
        long pairs = values * 10 + (values >>> 8);
        long fours = (pairs & 0xff000000ffL) * 0xf424000000064L + (pairs >>> 16 & 0xff000000ffL) * 0x271000000001L;
        return fours >>> 32;
    }

    /** Ten to the power of 0 to 8. */
    static long power(int exponent) {
        return POWERS[exponent];
    }
}
