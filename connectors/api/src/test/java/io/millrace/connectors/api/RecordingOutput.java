package io.millrace.connectors.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Takes what a reader emits, as rows of objects, and holds the reader to the contract: splits are opened once and
 * before their first batch, nothing follows their end, bounds do not go back and no row is earlier than its split's
 * bound.
 */
public final class RecordingOutput implements SourceOutput {
    private final Schema schema;
    private final EventTime eventTime;
    private final Allocator allocator;
    private final BooleanSupplier full;
    private final Map<Integer, Long> bounds = new HashMap<>();
    private final Map<Integer, List<List<Object>>> rowsBySplit = new HashMap<>();
    private final Set<Integer> declared = new HashSet<>();
    private final Set<Integer> closed = new HashSet<>();
    private final Set<Integer> waiting = new HashSet<>();
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<BadRecord> badRecords = new ArrayList<>();
    private long batches;

    /**
     * @param schema of the batches, the projected one
     * @param eventTime may be null
     */
    public RecordingOutput(Schema schema, EventTime eventTime, Allocator allocator, BooleanSupplier full) {
        this.schema = schema;
        this.eventTime = eventTime;
        this.allocator = allocator;
        this.full = full;
    }

    @Override
    public boolean isFull() {
        return full.getAsBoolean();
    }

    @Override
    public void openSplit(int split, long boundMicros) {
        assertThat(bounds).describedAs("a split is opened once").doesNotContainKey(split);
        bounds.put(split, boundMicros);
        rowsBySplit.put(split, new ArrayList<>());
    }

    @Override
    public void emit(int split, Batch batch) {
        try (batch) {
            checkOpen(split);
            waiting.remove(split);
            assertThat(batch.columnCount()).isEqualTo(schema.size());
            for (int i = 0; i < schema.size(); i++) {
                assertThat(batch.schema().type(i).sameValues(schema.type(i)))
                        .describedAs(
                                "column %s: %s, expected %s", schema.name(i), batch.schema().type(i), schema.type(i))
                        .isTrue();
            }
            checkTimes(split, batch);
            batches++;
            List<List<Object>> read = batch.toRows();
            rows.addAll(read);
            rowsBySplit.get(split).addAll(read);
        }
    }

    private void checkTimes(int split, Batch batch) {
        if (eventTime == null) {
            return;
        }
        Column times = eventTime.evaluate(batch, allocator);
        try {
            for (int position = 0; position < batch.activeCount(); position++) {
                int row = batch.row(position);
                if (!times.isNull(row)) {
                    assertThat(times.getLong(row)).isGreaterThanOrEqualTo(bounds.get(split));
                }
            }
        } finally {
            times.release();
        }
    }

    private void checkOpen(int split) {
        assertThat(bounds).describedAs("open splits").containsKey(split);
        assertThat(closed).describedAs("closed splits").doesNotContain(split);
    }

    @Override
    public void bound(int split, long boundMicros) {
        checkOpen(split);
        assertThat(boundMicros).describedAs("bound of split %d", split).isGreaterThanOrEqualTo(bounds.get(split));
        bounds.put(split, boundMicros);
    }

    @Override
    public void declared(int split) {
        checkOpen(split);
        declared.add(split);
    }

    @Override
    public void nothingToRead(int split) {
        checkOpen(split);
        waiting.add(split);
    }

    @Override
    public void somethingToRead(int split) {
        checkOpen(split);
        waiting.remove(split);
    }

    @Override
    public void closeSplit(int split) {
        checkOpen(split);
        closed.add(split);
    }

    @Override
    public void bad(BadRecord record) {
        badRecords.add(record);
    }

    /** All rows, in order of emission. */
    public List<List<Object>> rows() {
        return rows;
    }

    public List<List<Object>> rowsOf(int split) {
        return rowsBySplit.get(split);
    }

    public List<BadRecord> badRecords() {
        return badRecords;
    }

    public long batches() {
        return batches;
    }

    /** The split's bound as last stated. */
    public long boundOf(int split) {
        return bounds.get(split);
    }

    public Set<Integer> splits() {
        return bounds.keySet();
    }

    public Set<Integer> closedSplits() {
        return closed;
    }

    /** Splits that said last that they have nothing to read. */
    public Set<Integer> waitingSplits() {
        return waiting;
    }

    public boolean isDeclared(int split) {
        return declared.contains(split);
    }
}
