package io.millrace.connectors.api;

import java.util.List;
import java.util.Map;

/**
 * A live source that can be read from stated offsets: what a hybrid table asks of its second stage. The splits of its
 * readers are partition numbers, and they follow no declared delay until the reader's owner says so: they are opened at
 * {@link Long#MIN_VALUE} and never call {@link SourceOutput#declared} when begun by {@link #startAt}.
 */
public interface ReplayableTopic extends Source {
    /** The partitions as they are now. Asks the broker: blocks. */
    List<PartitionRange> partitions();

    /**
     * For each partition the first offset whose record's timestamp is this or later, or its end offset when there is
     * none. Blocks.
     */
    Map<Integer, Long> offsetsAt(long timestampMicros);

    /**
     * As {@link #start}, from these offsets, or from where the readers of {@link ScanRequest#restored} had come,
     * whichever of them had begun a partition; partitions that appear later are read from their earliest. The batches
     * have one more column behind the projected ones, BIGINT NOT NULL: the offset of each row.
     */
    SourceRun startAt(ScanRequest request, Map<Integer, Long> offsets);

    /**
     * One partition.
     *
     * @param topicId of the topic: one of the same name that was made anew has another
     * @param earliestOffset of the first record that still exists
     * @param endOffset one past the last record that may be read now
     */
    record PartitionRange(String topic, String topicId, int partition, long earliestOffset, long endOffset) {}
}
