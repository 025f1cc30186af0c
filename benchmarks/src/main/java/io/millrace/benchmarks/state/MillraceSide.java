package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.PeerCourse;
import io.millrace.benchmarks.keyed.PeerLoad;
import io.millrace.memory.error.MillraceException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One run of the keyed count in Millrace: {@code MillraceSide RESULT name=value…}, as {@link PeerBenchmark} starts it.
 * Of {@code memory-mib} it has for rows and state what Flink has for RocksDB; its heap comes on top, as Flink's does.
 * Results each epoch go to the sink as changes; results at the end need a source that says that it ends.
 */
public final class MillraceSide {
    private MillraceSide() {}

    public static void main(String[] arguments) throws Exception {
        PeerLoad load = PeerLoad.parse(Arrays.copyOfRange(arguments, 1, arguments.length));
        try {
            new PeerCourse(load).run(MillraceJob.start(load), Path.of(arguments[0]));
        } catch (MillraceException failure) {
            System.err.println(failure.help());
            throw failure;
        }
    }
}
