package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.keyed.KeyedEvents;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Keeps nothing, and adds up what it is given. */
final class AddingSink implements Sink<Counted> {
    private static final long serialVersionUID = 1;

    @Override
    public SinkWriter<Counted> createWriter(WriterInitContext context) {
        return new Writer();
    }

    private static final class Writer implements SinkWriter<Counted> {
        private final SharedRun run = SharedRun.current();
        private long rows;
        private long checksum;

        @Override
        public void write(Counted result, Context context) {
            rows++;
            checksum += KeyedEvents.mix(result.keyHead, result.keyTail, result.count, result.sum);
        }

        @Override
        public void flush(boolean endOfInput) {
            run.addEmitted(rows, checksum);
            rows = 0;
            checksum = 0;
        }

        @Override
        public void close() {}
    }
}
