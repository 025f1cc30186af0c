package io.millrace.benchmarks.state;

import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code 'connector' = 'keyed-rows'}: a source of rows (key VARCHAR of 16 bytes, v BIGINT) that waits at a limit, and a
 * sink of (key, count, sum) that adds up. Of one execution of one job; its figures may be read by any thread.
 */
final class KeyedRows implements ConnectorFactory {
    private final KeyChoice choice;
    private final Clock clock;
    private final AtomicLong madeRows = new AtomicLong();
    private final AtomicLong madeSum = new AtomicLong();
    private final AtomicLong keysNet = new AtomicLong();
    private final AtomicLong countNet = new AtomicLong();
    private final AtomicLong sumNet = new AtomicLong();
    private final AtomicLong takenAway = new AtomicLong();
    private final AtomicLong firstEpochNanos = new AtomicLong(Long.MIN_VALUE);
    private volatile long limit;

    KeyedRows(KeyChoice choice, long limit, Clock clock) {
        this.choice = choice;
        this.limit = limit;
        this.clock = clock;
    }

    @Override
    public String identifier() {
        return "keyed-rows";
    }

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public Source createSource(TableDescriptor table, ConnectorContext context) {
        return new KeyedSource(this, table.schema());
    }

    @Override
    public Sink createSink(TableDescriptor table, ConnectorContext context) {
        return new AddingSink(this);
    }

    KeyChoice choice() {
        return choice;
    }

    long limit() {
        return limit;
    }

    /** The position before which the source stays. */
    void limit(long position) {
        limit = position;
    }

    void made(long rows, long sum) {
        madeRows.addAndGet(rows);
        madeSum.addAndGet(sum);
    }

    void took(long keys, long count, long sum, long away) {
        keysNet.addAndGet(keys);
        sumNet.addAndGet(sum);
        takenAway.addAndGet(away);
        countNet.addAndGet(count);
    }

    void epochWithRowsEnded() {
        firstEpochNanos.compareAndSet(Long.MIN_VALUE, clock.nanoTime());
    }

    /** When the first epoch ended that gave the sink rows, by the clock; {@link Long#MIN_VALUE} before. */
    long firstEpochNanos() {
        return firstEpochNanos.get();
    }

    long madeRows() {
        return madeRows.get();
    }

    /** What all counts that the sink was given come to: those taken away less. */
    long counted() {
        return countNet.get();
    }

    /** Keys that were given more often than taken away. */
    long keysCounted() {
        return keysNet.get();
    }

    /** Rows that were replaced by a later count of their key. */
    long rowsTakenAway() {
        return takenAway.get();
    }

    /** Fails unless every row that was made is counted once, and every value summed once. */
    void check() {
        if (counted() != madeRows() || sumNet.get() != madeSum.get()) {
            throw new IllegalStateException(
                    "expected count="
                            + madeRows()
                            + " sum="
                            + madeSum.get()
                            + ", found count="
                            + counted()
                            + " sum="
                            + sumNet.get());
        }
    }
}
