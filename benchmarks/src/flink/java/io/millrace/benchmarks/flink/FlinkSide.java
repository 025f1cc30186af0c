package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.keyed.PeerCourse;
import io.millrace.benchmarks.keyed.PeerLoad;
import java.nio.file.Path;

/**
 * One run of the keyed count in Flink: {@code FlinkSide RESULT name=value…}, as {@code benchmarks/run peer-state}
 * starts it.
 *
 * <p>What is set, and why:
 *
 * <ul>
 *   <li>A cluster of one worker with a slot for each task, in this process. Rows still go from source to count through
 *       Flink's network stack, as they do between two tasks of one worker; JobManager and web server add 1 % of a core.
 *   <li>{@code pipeline.object-reuse}, and serializers that write longs and nothing else: no copies, no reflection.
 *   <li>RocksDB with incremental checkpoints, its memory managed and as much as the other engine may hold of state and
 *       rows. Flink's Java heap, network buffers and code come on top of it.
 *   <li>Bloom filters on: a get looks into the one level that has the key. Index and filters partitioned: one filter
 *       for a file of 64 MB does not fit into a shard of a small block cache, and is then read again by nearly every
 *       get.
 *   <li>No compression: with Snappy, Flink's default, state is half as large and takes fewer rows a CPU-second.
 *   <li>{@code FLASH_SSD_OPTIMIZED}: the disk is none that turns, and compaction may use both processors.
 *   <li>While all keys are loaded, which is not measured, the count puts without a get: each comes once.
 *   <li>Checkpoints each {@code checkpoint-ms} to a local directory, exactly once, one at a time.
 *   <li>No watermarks and no timers: the count is a get and a put on a value state.
 *   <li>{@code flink.bundle-ms} above 0 gathers rows by key on the heap for so long before they go to the state: what
 *       Flink's SQL calls mini-batches.
 * </ul>
 *
 * <p>Any option that begins with {@code flink.conf.} is set as the rest of its name says.
 */
public final class FlinkSide {
    private FlinkSide() {}

    public static void main(String[] arguments) throws Exception {
        String[] options = new String[arguments.length - 1];
        System.arraycopy(arguments, 1, options, 0, options.length);
        PeerLoad load = PeerLoad.parse(options);
        new PeerCourse(load).run(FlinkJob.start(load), Path.of(arguments[0]));
    }
}
