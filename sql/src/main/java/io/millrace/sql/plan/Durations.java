package io.millrace.sql.plan;

/** Writes durations as people do: {@code 10 s}, {@code 1 min}, {@code 250 ms}. */
final class Durations {
    private static final long[] MICROS = {86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L, 1_000L, 1L};
    private static final String[] UNITS = {"d", "h", "min", "s", "ms", "us"};

    private Durations() {}

    /** In the largest unit that needs no fraction. */
    static String text(long micros) {
        if (micros == 0) {
            return "0 s";
        }
        for (int i = 0; i < MICROS.length; i++) {
            if (micros % MICROS[i] == 0) {
                return micros / MICROS[i] + " " + UNITS[i];
            }
        }
        throw new IllegalStateException("unreachable");
    }
}
