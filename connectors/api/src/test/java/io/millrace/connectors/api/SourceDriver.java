package io.millrace.connectors.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Runs the readers of a source in turn, on one thread, as a worker would. Close it: it checks that nothing leaked. */
public final class SourceDriver implements AutoCloseable {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Allocator root;
    private final DaemonIo io = new DaemonIo();
    private final SourceRun run;
    private final List<SourceReader> readers = new ArrayList<>();
    private final List<RecordingOutput> outputs = new ArrayList<>();
    private final List<Allocator> allocators = new ArrayList<>();
    private final boolean[] finished;
    private boolean closed;

    /** How a source is read. */
    public record Shape(
            int[] projection,
            EventTime eventTime,
            int readers,
            int batchRows,
            BooleanSupplier full,
            List<byte[]> restored) {
        /** All columns, one reader, batches of 64 rows, never full. */
        public static Shape of(Source source) {
            int[] all = new int[source.schema().size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            return new Shape(all, null, 1, 64, () -> false, List.of());
        }

        public Shape withProjection(int... newProjection) {
            return new Shape(newProjection, eventTime, readers, batchRows, full, restored);
        }

        public Shape withEventTime(EventTime newEventTime) {
            return new Shape(projection, newEventTime, readers, batchRows, full, restored);
        }

        public Shape withReaders(int newReaders) {
            return new Shape(projection, eventTime, newReaders, batchRows, full, restored);
        }

        public Shape withBatchRows(int newBatchRows) {
            return new Shape(projection, eventTime, readers, newBatchRows, full, restored);
        }

        public Shape withRestored(List<byte[]> newRestored) {
            return new Shape(projection, eventTime, readers, batchRows, full, newRestored);
        }

        public Shape withFull(BooleanSupplier newFull) {
            return new Shape(projection, eventTime, readers, batchRows, newFull, restored);
        }
    }

    public SourceDriver(Source source, Shape shape) {
        this(source, shape, Clock.system(), Allocator.AllocationFault.NONE);
    }

    public SourceDriver(Source source, Shape shape, Clock clock, Allocator.AllocationFault fault) {
        root = Allocator.root(512 << 20);
        root.injectFault(fault);
        finished = new boolean[shape.readers()];
        run =
                source.start(
                        new ScanRequest(
                                shape.projection(),
                                List.of(),
                                shape.eventTime(),
                                shape.readers(),
                                0,
                                shape.restored()));
        Schema projected = source.schema().project(shape.projection());
        for (int i = 0; i < shape.readers(); i++) {
            Allocator allocator = root.child("reader-" + i);
            allocators.add(allocator);
            outputs.add(new RecordingOutput(projected, shape.eventTime(), allocator, shape.full()));
            readers.add(run.open(i, new TestContext(allocator, clock, io, shape.batchRows())));
        }
    }

    public SourceRun run() {
        return run;
    }

    public SourceReader reader(int index) {
        return readers.get(index);
    }

    public RecordingOutput output(int index) {
        return outputs.get(index);
    }

    /** Polls each reader once; whether any was active. */
    public boolean step() {
        boolean active = false;
        for (int i = 0; i < readers.size(); i++) {
            SourceReader.Poll poll = readers.get(i).poll(outputs.get(i));
            assertThat(readers.get(i).snapshot()).isNotNull();
            if (finished[i]) {
                assertThat(poll)
                        .describedAs("a reader that finished stays finished")
                        .isEqualTo(SourceReader.Poll.FINISHED);
            }
            finished[i] |= poll == SourceReader.Poll.FINISHED;
            active |= poll == SourceReader.Poll.ACTIVE;
        }
        return active;
    }

    /**
     * What the readers stated, each at a moment of its own.
     *
     * @param rows all that each had emitted by then
     */
    public record Cut(List<byte[]> snapshots, List<List<Object>> rows) {}

    /**
     * Polls in turn; reader {@code i} is asked for its snapshot after {@code activePolls + i} polls that moved it, and
     * goes on meanwhile. None is asked twice.
     */
    public Cut cutAfter(int activePolls) {
        byte[][] snapshots = new byte[readers.size()][];
        int[] active = new int[readers.size()];
        List<List<Object>> before = new ArrayList<>();
        int left = readers.size();
        long start = Clock.system().nanoTime();
        while (true) {
            boolean moved = false;
            for (int i = 0; i < readers.size(); i++) {
                if (snapshots[i] == null && (active[i] >= activePolls + i || finished[i])) {
                    snapshots[i] = readers.get(i).snapshot();
                    before.addAll(outputs.get(i).rows());
                    left--;
                }
                if (left == 0) {
                    return new Cut(List.of(snapshots), before);
                }
                SourceReader.Poll poll = readers.get(i).poll(outputs.get(i));
                active[i] += poll == SourceReader.Poll.ACTIVE ? 1 : 0;
                moved |= poll == SourceReader.Poll.ACTIVE;
                finished[i] |= poll == SourceReader.Poll.FINISHED;
            }
            if (!moved) {
                LockSupport.parkNanos(100_000);
            }
            assertThat(Clock.system().nanoTime() - start).isLessThan(PATIENCE_NANOS);
        }
    }

    public boolean isFinished() {
        for (boolean one : finished) {
            if (!one) {
                return false;
            }
        }
        return true;
    }

    /** Steps until all readers have finished; fails after a minute. Then all splits are closed. */
    public SourceDriver toEnd() {
        until(this::isFinished);
        step();
        for (RecordingOutput output : outputs) {
            assertThat(output.closedSplits()).describedAs("splits closed at the end").isEqualTo(output.splits());
        }
        return this;
    }

    /** Steps until this holds; fails after a minute. */
    public SourceDriver until(BooleanSupplier condition) {
        long start = Clock.system().nanoTime();
        while (!condition.getAsBoolean()) {
            if (!step()) {
                LockSupport.parkNanos(200_000);
            }
            if (Clock.system().nanoTime() - start > PATIENCE_NANOS) {
                throw new AssertionError(
                        "not there after a minute: rows=" + rows().size() + " finished=" + isFinished());
            }
        }
        return this;
    }

    /** All rows of all readers. */
    public List<List<Object>> rows() {
        List<List<Object>> all = new ArrayList<>();
        outputs.forEach(o -> all.addAll(o.rows()));
        return all;
    }

    public List<BadRecord> badRecords() {
        List<BadRecord> all = new ArrayList<>();
        outputs.forEach(o -> all.addAll(o.badRecords()));
        return all;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (SourceReader reader : readers) {
            reader.close();
            reader.close();
        }
        run.close();
        run.close();
        io.close();
        allocators.forEach(Allocator::close);
        root.close();
    }
}
