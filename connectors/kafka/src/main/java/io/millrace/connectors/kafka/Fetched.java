package io.millrace.connectors.kafka;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What one fetch brought, and where each partition stands after it.
 *
 * @param ends offsets to end at, of partitions that the fetch was asked for them
 * @param answered whether a broker answered meanwhile; else that nothing came says nothing
 */
record Fetched(List<Part> parts, Map<Integer, Long> ends, boolean answered) {
    static final Fetched NOTHING = new Fetched(List.of(), Map.of(), false);

    /**
     * One partition.
     *
     * @param records in order of offset, maybe none
     * @param position the offset after them and after what is not data
     * @param lag offsets from there to the end of what can be read, -1 when not known
     */
    record Part(int partition, List<ConsumerRecord<Void, ByteBuffer>> records, long position, long lag) {}
}
