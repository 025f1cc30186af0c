package io.millrace.cli.demo;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.server.HttpAddress;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a demo is asked for.
 *
 * @param liveSeconds how long it runs once live; 0 for until it is stopped
 * @param bidsPerSecond of the live producer
 * @param http where to serve, or null
 * @param reportFile or null
 * @param directory for history, kept, and for what a run needs, deleted
 * @param commit for the report
 */
public record DemoOptions(
        long liveSeconds,
        long historyRows,
        long bidsPerSecond,
        HttpAddress http,
        Path reportFile,
        Path directory,
        String commit) {
    public static final long DEFAULT_HISTORY_ROWS = 20_000_000;
    public static final long DEFAULT_BIDS_PER_SECOND = 20_000;

    private static final long MIN_HISTORY_ROWS = 1_000;
    private static final long MAX_HISTORY_ROWS = 1_000_000_000;
    private static final long MAX_BIDS_PER_SECOND = 1_000_000;
    private static final long MAX_SECONDS = 365L * 86_400;

    public DemoOptions {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(commit, "commit");
        check("--seconds", liveSeconds, 0, MAX_SECONDS);
        check("--history-rows", historyRows, MIN_HISTORY_ROWS, MAX_HISTORY_ROWS);
        check("--rate", bidsPerSecond, 1, MAX_BIDS_PER_SECOND);
    }

    private static void check(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION, option + ": expected " + min + " to " + max + ", found " + value);
        }
    }

    /** Where demos keep their files when nothing else is said: {@code ~/.cache/millrace/demo}. */
    public static Path defaultDirectory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("millrace").resolve("demo");
    }
}
