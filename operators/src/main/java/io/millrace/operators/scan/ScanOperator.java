package io.millrace.operators.scan;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.SourceOperator;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Polls a reader and turns what it says of its splits into watermarks. Rows without an event time go to the side table
 * of bad rows.
 */
final class ScanOperator implements SourceOperator, SourceOutput {
    /** The state that is the reader's snapshot. */
    static final String READER = "reader";

    private static final String WATERMARK = "watermark";

    private final ScanSpec spec;
    private final OperatorContext context;
    private final SourceReader reader;
    private final EventTime eventTime;
    private final SplitTimes times;
    private Output output;
    private final long restoredMicros;
    private long emittedMicros = Long.MIN_VALUE;

    ScanOperator(
            ScanSpec spec, OperatorContext context, SourceReader reader, long idleTimeoutNanos, ReaderTimes readers) {
        this.spec = spec;
        this.context = context;
        this.reader = reader;
        this.eventTime = spec.eventTime();
        this.times =
                new SplitTimes(
                        eventTime == null ? 0 : eventTime.delayMicros(),
                        idleTimeoutNanos,
                        readers,
                        context.taskIndex());
        this.restoredMicros = restoredWatermark(context.state().restored(WATERMARK));
        context.state().register(READER, reader::snapshot);
        context.state().register(WATERMARK, () -> ByteBuffer.allocate(Long.BYTES).putLong(emittedMicros).array());
    }

    /** The least of what the tasks had emitted: rows of another's splits may come to this one now. */
    private static long restoredWatermark(List<byte[]> values) {
        long least = values.isEmpty() ? Long.MIN_VALUE : Long.MAX_VALUE;
        for (byte[] value : values) {
            least = Math.min(least, ByteBuffer.wrap(value).getLong());
        }
        return least;
    }

    @Override
    public SourceReader.Poll poll(Output out) {
        output = out;
        if (restoredMicros > emittedMicros) {
            emittedMicros = restoredMicros;
            out.watermark(restoredMicros);
        }
        SourceReader.Poll poll = reader.poll(this);
        if (spec.watermarks()) {
            if (poll == SourceReader.Poll.FINISHED) {
                times.end();
                return poll;
            }
            long watermark = times.watermark(context.clock().nanoTime());
            if (watermark > emittedMicros) {
                emittedMicros = watermark;
                out.watermark(watermark);
            }
        }
        return poll;
    }

    @Override
    public boolean isFull() {
        return output.isFull();
    }

    @Override
    public void openSplit(int split, long boundMicros) {
        times.open(split, boundMicros);
    }

    @Override
    public void emit(int split, Batch batch) {
        if (eventTime != null) {
            try {
                readTimes(split, batch);
            } catch (RuntimeException | Error failure) {
                batch.close();
                throw failure;
            }
        }
        output.emit(batch);
    }

    private void readTimes(int split, Batch batch) {
        boolean follows = spec.watermarks() && times.isDeclared(split);
        if (!follows && eventTime.column() >= 0 && !batch.column(eventTime.column()).hasNulls()) {
            times.delivered(split, Long.MIN_VALUE);
            return;
        }
        Column column = eventTime.evaluate(batch, context.allocator());
        try {
            if (column.hasNulls()) {
                dropNulls(split, batch, column);
            }
            times.delivered(split, follows ? greatest(column, batch) : Long.MIN_VALUE);
        } finally {
            column.release();
        }
    }

    private static long greatest(Column column, Batch batch) {
        int count = batch.activeCount();
        long greatest = Long.MIN_VALUE;
        if (column.encoding() == Encoding.FLAT) {
            long values = column.valuesAddress();
            long selection = batch.selectionAddress();
            for (int i = 0; i < count; i++) {
                int row = selection == 0 ? i : Mem.getInt(selection + 4L * i);
                greatest = Math.max(greatest, Mem.getLong(values + 8L * row));
            }
            return greatest;
        }
        for (int i = 0; i < count; i++) {
            greatest = Math.max(greatest, column.getLong(batch.row(i)));
        }
        return greatest;
    }

    private void dropNulls(int split, Batch batch, Column column) {
        int count = batch.activeCount();
        String known = reader.originOf(split);
        String origin = known == null ? spec.table() : known;
        Buffer kept = context.allocator().allocate(MemoryTag.BATCH, 4L * Math.max(1, count));
        int keptCount = 0;
        for (int i = 0; i < count; i++) {
            int row = batch.row(i);
            if (column.isNull(row)) {
                bad(BadRecord.ofRow(origin, "expected an event time, found NULL", batch, row));
            } else {
                Mem.putInt(kept.address() + 4L * keptCount++, row);
            }
        }
        batch.select(new Selection(kept, keptCount));
    }

    @Override
    public void bound(int split, long boundMicros) {
        times.bound(split, boundMicros);
    }

    @Override
    public void declared(int split) {
        times.declared(split);
    }

    @Override
    public void nothingToRead(int split) {
        times.nothingToRead(split, context.clock().nanoTime());
    }

    @Override
    public void somethingToRead(int split) {
        times.somethingToRead(split);
    }

    @Override
    public void closeSplit(int split) {
        times.close(split);
    }

    @Override
    public void bad(BadRecord badRecord) {
        context.sideTables().bad(spec.table(), badRecord);
    }

    @Override
    public void close() {
        reader.close();
    }
}
