package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.keyed.KeyedEvents;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** The rows of {@link KeyedEvents}, a split for each reader. Without an end until {@link SharedRun} says so. */
final class EventSource implements Source<Event, EventSplit, Integer> {
    private static final long serialVersionUID = 1;

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<Event, EventSplit> createReader(SourceReaderContext context) {
        return new EventReader();
    }

    @Override
    public SplitEnumerator<EventSplit, Integer> createEnumerator(SplitEnumeratorContext<EventSplit> context) {
        return new OneForEach(context);
    }

    @Override
    public SplitEnumerator<EventSplit, Integer> restoreEnumerator(
            SplitEnumeratorContext<EventSplit> context, Integer nothing) {
        throw new UnsupportedOperationException("expected a job that does not fail");
    }

    @Override
    public SimpleVersionedSerializer<EventSplit> getSplitSerializer() {
        return new EventSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<Integer> getEnumeratorCheckpointSerializer() {
        return new NoState();
    }

    private static final class OneForEach implements SplitEnumerator<EventSplit, Integer> {
        private final SplitEnumeratorContext<EventSplit> context;

        OneForEach(SplitEnumeratorContext<EventSplit> context) {
            this.context = context;
        }

        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int reader, String host) {}

        @Override
        public void addSplitsBack(List<EventSplit> splits, int reader) {
            throw new UnsupportedOperationException("expected a job that does not fail");
        }

        @Override
        public void addReader(int reader) {
            context.assignSplit(new EventSplit(reader, (long) reader * KeyedEvents.BLOCK_ROWS), reader);
        }

        @Override
        public Integer snapshotState(long checkpoint) {
            return 0;
        }

        @Override
        public void close() {}
    }

    private static final class NoState implements SimpleVersionedSerializer<Integer> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Integer state) {
            return new byte[0];
        }

        @Override
        public Integer deserialize(int version, byte[] serialized) {
            return 0;
        }
    }
}
