package io.millrace.connectors.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every sink does. Extend it for each. */
public abstract class SinkContract {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** The schema that the sink is written with. */
    protected abstract Schema schema();

    /** Row number {@code i}; no two are equal. */
    protected abstract List<Object> row(int i);

    /** The sink; made anew for each test, over nothing written yet. */
    protected abstract Sink sink();

    /** All rows that anyone can see now, in any order; null when this sink's rows cannot be read back. */
    protected abstract List<List<Object>> written();

    /** Of the job that writes; null when it takes none. Asked once for each execution. */
    protected SinkCheckpoints checkpoints() {
        return null;
    }

    /** Whether rows are seen only once they were committed. */
    protected boolean isTransactional() {
        return true;
    }

    /** An execution with its writers, driven as a runtime would. */
    public final class Driver implements AutoCloseable {
        public final Allocator root = Allocator.root(256 << 20);
        public final SinkRun run;
        public final List<SinkWriter> writers = new ArrayList<>();
        private final DaemonIo io = new DaemonIo();
        private final List<Allocator> allocators = new ArrayList<>();

        public Driver(Sink sink, int writerCount, Allocator.AllocationFault fault) {
            SinkCheckpoints checkpoints = checkpoints();
            run =
                    sink.start(
                            new SinkRequest(
                                    "job", schema(), ChangelogKind.APPEND, writerCount, true, "sink", checkpoints));
            if (checkpoints != null) {
                run.recover(0, List.of());
            }
            root.injectFault(fault);
            for (int i = 0; i < writerCount; i++) {
                Allocator allocator = root.child("writer-" + i);
                allocators.add(allocator);
                writers.add(run.open(i, new TestContext(allocator, Clock.system(), io, 64)));
            }
            root.injectFault(Allocator.AllocationFault.NONE);
        }

        public void write(int writer, Batch batch) {
            long start = Clock.system().nanoTime();
            while (writers.get(writer).isFull()) {
                LockSupport.parkNanos(100_000);
                assertThat(Clock.system().nanoTime() - start).isLessThan(PATIENCE_NANOS);
            }
            writers.get(writer).write(batch);
        }

        /** Writes the rows from {@code from} to {@code to} as one batch. */
        public void writeRows(int writer, int from, int to) {
            try (BatchBuilder builder = new BatchBuilder(root, schema(), 16)) {
                for (int i = from; i < to; i++) {
                    builder.append(row(i).toArray());
                }
                write(writer, builder.build());
            }
        }

        /** Prepares all writers and commits. */
        public List<Prepared> checkpoint(long id) {
            List<Prepared> prepared = prepare(id);
            run.commit(id, prepared);
            return prepared;
        }

        public List<Prepared> prepare(long id) {
            List<IoTask<Prepared>> tasks = new ArrayList<>();
            writers.forEach(w -> tasks.add(w.prepare(id)));
            long start = Clock.system().nanoTime();
            for (IoTask<Prepared> task : tasks) {
                while (!task.isDone()) {
                    LockSupport.parkNanos(100_000);
                    assertThat(Clock.system().nanoTime() - start).isLessThan(PATIENCE_NANOS);
                }
            }
            return tasks.stream().map(IoTask::result).toList();
        }

        @Override
        public void close() {
            for (SinkWriter writer : writers) {
                writer.close();
                writer.close();
            }
            run.close();
            run.close();
            io.close();
            allocators.forEach(Allocator::close);
            root.close();
        }
    }

    protected final Driver drive(int writerCount) {
        return drive(sink(), writerCount);
    }

    protected final Driver drive(Sink sink, int writerCount) {
        return new Driver(sink, writerCount, Allocator.AllocationFault.NONE);
    }

    protected final void assertWritten(int from, int to) {
        List<List<Object>> expected = new ArrayList<>();
        for (int i = from; i < to; i++) {
            expected.add(row(i));
        }
        if (written() != null) {
            assertThat(written()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void writesEachRowOnceWhateverTheBatchSize(int batchRows) {
        try (Driver driver = drive(1)) {
            for (int i = 0; i < 1000; i += batchRows) {
                driver.writeRows(0, i, Math.min(1000, i + batchRows));
            }
            driver.checkpoint(1);
        }
        assertWritten(0, 1000);
    }

    @Test
    void writesFromSeveralWriters() {
        try (Driver driver = drive(3)) {
            for (int i = 0; i < 30; i++) {
                driver.writeRows(i % 3, i * 10, i * 10 + 10);
            }
            driver.checkpoint(1);
        }
        assertWritten(0, 300);
    }

    @Test
    void writesNothingForNoRows() {
        try (Driver driver = drive(2)) {
            driver.writeRows(0, 0, 0);
            driver.checkpoint(1);
        }
        assertWritten(0, 0);
    }

    @Test
    void writesSelectedRowsOnly() {
        try (Driver driver = drive(1);
                BatchBuilder builder = new BatchBuilder(driver.root, schema(), 16)) {
            for (int i : new int[] {90, 0, 91, 1, 2, 92}) {
                builder.append(row(i).toArray());
            }
            Batch batch = builder.build();
            batch.select(Selection.of(driver.root, 1, 3, 4));
            driver.write(0, batch);
            driver.checkpoint(1);
        }
        assertWritten(0, 3);
    }

    @Test
    void commitsAgainWithoutEffect() {
        try (Driver driver = drive(2)) {
            driver.writeRows(0, 0, 50);
            List<Prepared> first = driver.checkpoint(1);
            driver.run.commit(1, first);
            driver.writeRows(1, 50, 100);
            driver.checkpoint(2);
            driver.checkpoint(3);
        }
        assertWritten(0, 100);
    }

    @Test
    void showsNothingThatWasNotCommitted() {
        if (!isTransactional()) {
            return;
        }
        try (Driver driver = drive(2)) {
            driver.writeRows(0, 0, 50);
            driver.checkpoint(1);
            driver.writeRows(0, 50, 70);
            driver.prepare(2);
            driver.writeRows(1, 70, 80);
            driver.run.abort();
        }
        assertWritten(0, 50);
    }

    @Test
    void freesEverythingWhenClosedHalfway() {
        try (Driver driver = drive(2)) {
            driver.writeRows(0, 0, 50);
            driver.writers.get(0).endEpoch(1);
            driver.writeRows(1, 50, 100);
        }
    }

    @Test
    void freesEverythingWhenAnyAllocationFails() {
        for (int failing = 0; failing < 200; failing++) {
            AtomicInteger left = new AtomicInteger(failing);
            Allocator.AllocationFault fault = (owner, bytes) -> left.getAndDecrement() == 0;
            try (Driver driver = new Driver(sink(), 1, fault)) {
                driver.writeRows(0, 0, 100);
                driver.checkpoint(1);
                if (left.get() >= 0) {
                    return;
                }
            } catch (MillraceException spent) {
                assertThat(spent.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                assertThat(spent.getSuppressed()).describedAs("leaks").isEmpty();
            }
        }
    }
}
