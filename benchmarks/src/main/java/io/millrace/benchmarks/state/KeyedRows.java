package io.millrace.benchmarks.state;

import io.millrace.benchmarks.keyed.Answer;
import io.millrace.benchmarks.keyed.KeyedEvents;
import io.millrace.connectors.api.ConnectorContext;
import io.millrace.connectors.api.ConnectorFactory;
import io.millrace.connectors.api.Option;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.memory.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code 'connector' = 'keyed-rows'}: a source of rows (key VARCHAR of 16 bytes, v BIGINT) that waits at a limit, and a
 * sink of (key, count, sum) that adds up. Of one execution of one job; its figures may be read by any thread.
 */
final class KeyedRows implements ConnectorFactory {
    private final KeyedEvents events;
    private final boolean bounded;
    private final Clock clock;
    private final AtomicLong madeRows = new AtomicLong();
    private final AtomicLong madeSum = new AtomicLong();
    private final AtomicLong keysNet = new AtomicLong();
    private final AtomicLong countNet = new AtomicLong();
    private final AtomicLong sumNet = new AtomicLong();
    private final AtomicLong checksumNet = new AtomicLong();
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong takenAway = new AtomicLong();
    private final Map<Integer, Long> ends = new ConcurrentSkipListMap<>();
    private final AtomicLong firstEpochNanos = new AtomicLong(Long.MIN_VALUE);
    private volatile long limit;

    /**
     * @param bounded whether the source says that it ends, which it does when the job is drained: results are due once
     * @param limit the position before which the source stays at first
     */
    KeyedRows(KeyedEvents events, boolean bounded, long limit, Clock clock) {
        this.events = events;
        this.bounded = bounded;
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

    KeyedEvents events() {
        return events;
    }

    boolean isBounded() {
        return bounded;
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

    /** A reader ends with this as the next position that it would have made. */
    void ended(int reader, long nextPosition) {
        ends.put(reader, nextPosition);
    }

    long[] ends() {
        return ends.values().stream().mapToLong(Long::longValue).toArray();
    }

    void took(long keys, long count, long sum, long checksum, long away) {
        keysNet.addAndGet(keys);
        checksumNet.addAndGet(checksum);
        added.addAndGet(keys + away);
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

    /** Rows that the sink was given and that take none away. */
    long rowsAdded() {
        return added.get();
    }

    /** What the rows that the sink was given come to. */
    Answer answer() {
        return new Answer(keysNet.get(), countNet.get(), sumNet.get(), checksumNet.get());
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
