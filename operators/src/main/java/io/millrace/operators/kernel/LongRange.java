package io.millrace.operators.kernel;

/**
 * Which integers satisfy a comparison with a constant, as a modular range.
 *
 * @param span one less than how many, modulo 2^bits
 */
public record LongRange(boolean empty, long low, long span) {
    private static final LongRange NONE = new LongRange(true, 0, 0);

    /** {@code value operator constant} over two's complement integers of this many bits, in which the constant lies. */
    public static LongRange of(Comparison operator, long constant, int bits) {
        long min = -1L << (bits - 1);
        long max = ~min;
        return switch (operator) {
            case EQUAL -> between(constant, constant);
            case NOT_EQUAL -> new LongRange(false, constant + 1, (bits == 64 ? -1L : (1L << bits) - 1) - 1);
            case LESS -> constant == min ? NONE : between(min, constant - 1);
            case LESS_OR_EQUAL -> between(min, constant);
            case GREATER -> constant == max ? NONE : between(constant + 1, max);
            case GREATER_OR_EQUAL -> between(constant, max);
        };
    }

    /** From low to high, both included. */
    public static LongRange between(long low, long high) {
        return low > high ? NONE : new LongRange(false, low, high - low);
    }
}
