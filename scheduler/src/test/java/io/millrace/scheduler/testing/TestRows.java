package io.millrace.scheduler.testing;

import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.List;

/** The rows that sources make: each a function of its number. */
public final class TestRows {
    /** Event time apart between one row and the next, and how far one may be out of order. */
    public static final long STEP_MICROS = 10;

    public static final long DISORDER_MICROS = 45;

    public static final int KEY = 0;
    public static final int NUMBER = 1;
    public static final int TIME = 2;

    public static final Schema SCHEMA =
            new Schema(
                    List.of(
                            new Field("key", DataType.BIGINT.notNull()),
                            new Field("number", DataType.BIGINT.notNull()),
                            new Field("time", DataType.BIGINT.notNull())));

    public static final Schema SUMS =
            new Schema(
                    List.of(
                            new Field("key", DataType.BIGINT.notNull()),
                            new Field("count", DataType.BIGINT.notNull()),
                            new Field("sum", DataType.BIGINT.notNull())));

    private TestRows() {}

    private static long mix(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    public static long key(long number, int keys) {
        return Long.remainderUnsigned(mix(number), keys);
    }

    public static long time(long number) {
        return number * STEP_MICROS - Long.remainderUnsigned(mix(~number), DISORDER_MICROS);
    }

    /** No row from this number on is earlier. */
    public static long watermarkBefore(long number) {
        return number * STEP_MICROS - DISORDER_MICROS;
    }
}
