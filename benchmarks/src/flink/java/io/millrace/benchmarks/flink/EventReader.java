package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.keyed.KeyedEvents;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.core.io.InputStatus;

/** Makes the rows of one split, some at each call. One thread. */
final class EventReader implements SourceReader<Event, EventSplit> {
    /** A call for each row costs more than the row. */
    private static final int ROWS_A_CALL = 64;

    private final SharedRun run = SharedRun.current();
    private final KeyedEvents events = run.events;
    private final long strideRows = (long) KeyedEvents.BLOCK_ROWS * run.load.parallelism();
    private final Event event = new Event();
    private int reader = -1;
    private long next;
    private long made;
    private CompletableFuture<Void> available = new CompletableFuture<>();

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<Event> output) {
        CompletableFuture<Void> changed = run.changed();
        if (reader < 0) {
            return InputStatus.NOTHING_AVAILABLE;
        }
        if (run.isStopped()) {
            run.ended(reader, next);
            return InputStatus.END_OF_INPUT;
        }
        long blockEnd = next - next % KeyedEvents.BLOCK_ROWS + KeyedEvents.BLOCK_ROWS;
        long to = Math.min(Math.min(blockEnd, run.limit()), next + ROWS_A_CALL);
        if (next >= to) {
            available = changed;
            return InputStatus.NOTHING_AVAILABLE;
        }
        for (long position = next; position < to; position++) {
            int key = events.key(position);
            event.keyHead = KeyedEvents.keyHead(key);
            event.keyTail = KeyedEvents.keyTail(key);
            event.value = KeyedEvents.value(position);
            output.collect(event);
        }
        made += to - next;
        run.made(reader, made);
        next = to == blockEnd ? to + strideRows - KeyedEvents.BLOCK_ROWS : to;
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public List<EventSplit> snapshotState(long checkpoint) {
        return reader < 0 ? List.of() : List.of(new EventSplit(reader, next));
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return available;
    }

    @Override
    public void addSplits(List<EventSplit> splits) {
        reader = splits.getFirst().reader();
        next = splits.getFirst().nextPosition();
        available.complete(null);
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {}
}
