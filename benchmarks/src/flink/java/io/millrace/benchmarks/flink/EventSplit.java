package io.millrace.benchmarks.flink;

import java.nio.ByteBuffer;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The blocks of positions of one reader, from the next that it makes. */
record EventSplit(int reader, long nextPosition) implements SourceSplit {
    @Override
    public String splitId() {
        return Integer.toString(reader);
    }

    /** A reader and a position. */
    static final class Serializer implements SimpleVersionedSerializer<EventSplit> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(EventSplit split) {
            return ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                    .putInt(split.reader)
                    .putLong(split.nextPosition)
                    .array();
        }

        @Override
        public EventSplit deserialize(int version, byte[] serialized) {
            ByteBuffer bytes = ByteBuffer.wrap(serialized);
            return new EventSplit(bytes.getInt(), bytes.getLong());
        }
    }
}
