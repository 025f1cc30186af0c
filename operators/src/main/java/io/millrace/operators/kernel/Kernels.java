package io.millrace.operators.kernel;

import org.slf4j.LoggerFactory;

/**
 * Loops over raw addresses of flat values without nulls, the ones that matter most. Two implementations that agree:
 * scalar, and with the Vector API where the module {@code jdk.incubator.vector} is there. Stateless, thread-safe.
 *
 * <p>A range is modular: a value {@code v} of w bits lies in it when {@code v - low} is at most {@code span}, unsigned.
 * With it every comparison with a constant is one range, {@code <>} included, and so is BETWEEN: see {@link LongRange}.
 */
public interface Kernels {
    /**
     * The faster implementation that this machine has; {@code -Dmillrace.kernels.vector=false} forbids the Vector API.
     */
    Kernels BEST = choose();

    private static Kernels choose() {
        boolean wanted = Boolean.parseBoolean(System.getProperty("millrace.kernels.vector", "true"));
        if (wanted && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            try {
                return new VectorKernels();
            } catch (LinkageError missing) {
                LoggerFactory.getLogger(Kernels.class).warn("no Vector API: {}", missing.toString());
            }
        }
        return new ScalarKernels();
    }

    /** Writes the indices of the first {@code count} i64 values that lie in a range; returns how many. */
    int selectLongs(long values, int count, long low, long span, long indices);

    /** As {@link #selectLongs}, of i32 values; {@code low} and {@code span} count modulo 2^32. */
    int selectInts(long values, int count, int low, int span, long indices);

    /** Writes the indices of values with {@code low <= v <= high}, or of all the others; NaN is in no range. */
    int selectDoubles(long values, int count, double low, double high, boolean others, long indices);

    /** Writes the indices of the bytes that are not zero. */
    int selectTrue(long booleans, int count, long indices);

    /**
     * {@code out = a + b}. Returns whether any sum overflowed.
     *
     * @param maskB 0 when b is one value for all rows, else -1
     */
    boolean addLongs(long a, long b, int maskB, long out, int count);

    /** {@code out = a - b}. Returns whether any difference overflowed. */
    boolean subtractLongs(long a, long b, int maskB, long out, int count);

    void addDoubles(long a, long b, int maskB, long out, int count);

    void subtractDoubles(long a, long b, int maskB, long out, int count);

    void multiplyDoubles(long a, long b, int maskB, long out, int count);
}
