package io.millrace.connectors.basic;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import java.io.PrintStream;
import java.util.List;

/**
 * Writes a line a row: {@code +I[1, abc, null]}. Without a primary key a row that is taken away is {@code -D}; with
 * one, the changes of a key within an epoch are folded into {@code +I}, {@code -U +U} or {@code -D}.
 */
public final class PrintSink implements Sink {
    private final PrintStream stream;
    private final String identifier;
    private final int[] primaryKey;

    /**
     * @param identifier written before each line, or null
     * @param primaryKey columns, or empty
     */
    public PrintSink(PrintStream stream, String identifier, int... primaryKey) {
        this.stream = stream;
        this.identifier = identifier;
        this.primaryKey = primaryKey.clone();
    }

    @Override
    public ChangelogKind accepts() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public String describe() {
        return "print";
    }

    @Override
    public SinkRun start(SinkRequest request) {
        return new Run(request.writerCount());
    }

    private final class Run implements SinkRun {
        private final int writerCount;

        Run(int writerCount) {
            this.writerCount = writerCount;
        }

        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            String number = writerCount > 1 ? Integer.toString(writerIndex + 1) : "";
            String name = identifier == null ? "" : identifier;
            String colon = name.isEmpty() || number.isEmpty() ? "" : ":";
            String prefix = name + colon + number;
            return new PrintWriter(stream, prefix.isEmpty() ? "" : prefix + "> ", primaryKey, context.io());
        }

        @Override
        public void commit(long checkpoint, List<Prepared> prepared) {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
