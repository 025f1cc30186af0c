package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.encoding.ByteSlice;
import io.millrace.formats.parquet.encoding.FixedDecoder;
import io.millrace.formats.parquet.encoding.RleDecoder;
import io.millrace.formats.parquet.encoding.ViewTarget;
import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.View;
import java.util.Arrays;

/**
 * One leaf of a nested column: gathers levels and present values of so many rows at a time, which stay until they are
 * forgotten. One thread.
 */
final class LeafLevels implements AutoCloseable {
    private static final int SLICE = FixedDecoder.SLICE;
    private static final int MAX_LEVELS = 1 << 28;

    private final ColumnPlan plan;
    private final PageSource pages;
    private final ValueReader values;
    private final RleDecoder repetitionDecoder;
    private final RleDecoder definitionDecoder;
    private final Allocator allocator;
    private final ChunkLocation where;
    private final int width;
    private final int maxRepetition;
    private final int maxDefinition;

    private int pageLeft;
    private Buffer scratch;

    /** Levels read off the page whose values were not read. */
    private final int[] pendingRepetition = new int[SLICE];

    private final int[] pendingDefinition = new int[SLICE];
    private int pendingFrom;
    private int pendingTo;

    // Of the rows gathered: a byte of repetition and one of definition a level.
    private Buffer repetition;
    private Buffer definition;
    private int capacity;
    private int count;
    private int begunRows;
    private int valueCount;
    private Buffer dense;
    private int denseCapacity;
    private final ViewTarget target = new ViewTarget();

    LeafLevels(ColumnPlan plan, PageSource pages, Allocator allocator, ChunkLocation where) {
        this.plan = plan;
        this.pages = pages;
        this.allocator = allocator;
        this.where = where;
        this.width = plan.type().layout().widthBytes();
        this.maxRepetition = plan.node().maxRepetition();
        this.maxDefinition = plan.node().maxDefinition();
        this.values = new ValueReader(plan.node(), plan.type(), plan.conversion(), allocator, where);
        this.repetitionDecoder = new RleDecoder(where);
        this.definitionDecoder = new RleDecoder(where);
    }

    ChunkLocation where() {
        return where;
    }

    /**
     * Gathers levels and values of the next {@code rows} rows as far as their pages have arrived; a row ends where
     * another begins, which may be pages on. Called again, goes on.
     *
     * @return whether all of them are there
     */
    boolean gather(int rows) {
        if (scratch == null) {
            scratch = allocator.allocate(MemoryTag.READ, 4L * SLICE);
        }
        while (true) {
            if (pendingFrom == pendingTo && pageLeft == 0) {
                if (!pages.ready(1)) {
                    return false;
                }
                if (!nextPage()) {
                    if (begunRows < rows) {
                        throw where.corrupt("the column ends before its row group");
                    }
                    return true;
                }
                continue;
            }
            if (pendingFrom == pendingTo) {
                fill();
            }
            int i = pendingFrom;
            while (i < pendingTo) {
                if (pendingRepetition[i] == 0) {
                    if (begunRows == rows) {
                        break;
                    }
                    begunRows++;
                }
                i++;
            }
            if (begunRows == 0 && i > pendingFrom) {
                throw where.corrupt("the column does not begin with a row");
            }
            take(i - pendingFrom);
            if (i < pendingTo) {
                return true;
            }
        }
    }

    /** Levels of the rows gathered. */
    int count() {
        return count;
    }

    /** A byte a level; likewise {@link #definitions}. */
    long repetitions() {
        return repetition == null ? 0 : repetition.address();
    }

    long definitions() {
        return definition == null ? 0 : definition.address();
    }

    /** Forgets the rows gathered. */
    void forget() {
        count = 0;
        begunRows = 0;
        valueCount = 0;
        target.release();
    }

    /** Takes the next levels off the page. */
    private void fill() {
        int n = Math.min(SLICE, pageLeft);
        levels(repetitionDecoder, n, maxRepetition, pendingRepetition);
        levels(definitionDecoder, n, maxDefinition, pendingDefinition);
        pageLeft -= n;
        pendingFrom = 0;
        pendingTo = n;
    }

    private void levels(RleDecoder decoder, int n, int max, int[] to) {
        if (max == 0) {
            Arrays.fill(to, 0, n, 0);
            return;
        }
        decoder.decode(n, scratch.address());
        for (int i = 0; i < n; i++) {
            int level = Mem.getInt(scratch.address() + 4L * i);
            if (level < 0 || level > max) {
                throw where.corrupt("expected a level of 0 to " + max + ", found " + level);
            }
            to[i] = level;
        }
    }

    private boolean nextPage() {
        Page page = pages.next();
        if (page == null) {
            return false;
        }
        boolean taken = false;
        try {
            if (page.encoding().isDictionary()) {
                values.readDictionary(pages.dictionary());
            }
            start(repetitionDecoder, page.repetition(), maxRepetition);
            start(definitionDecoder, page.definition(), maxDefinition);
            pageLeft = page.valueCount();
            taken = true;
        } finally {
            if (!taken) {
                page.release();
            }
        }
        values.start(page);
        return true;
    }

    private static void start(RleDecoder decoder, ByteSlice levels, int max) {
        if (max > 0) {
            decoder.start(levels.address(), levels.end(), 32 - Integer.numberOfLeadingZeros(max));
        }
    }

    /** Makes pending levels those of the rows gathered, and reads their values. */
    private void take(int n) {
        if (n == 0) {
            return;
        }
        reserve(n);
        long repetitions = repetition.address() + count;
        long definitions = definition.address() + count;
        int present = 0;
        for (int i = 0; i < n; i++) {
            int level = pendingDefinition[pendingFrom + i];
            Mem.putByte(repetitions + i, (byte) pendingRepetition[pendingFrom + i]);
            Mem.putByte(definitions + i, (byte) level);
            present += level == maxDefinition ? 1 : 0;
        }
        count += n;
        pendingFrom += n;
        if (present > 0) {
            readValues(present);
        }
    }

    private void reserve(int n) {
        if (count + n <= capacity) {
            return;
        }
        if (count + n > MAX_LEVELS) {
            throw where.corrupt("expected at most " + MAX_LEVELS + " values in a batch");
        }
        int grown = Math.max(count + n, Math.max(SLICE, capacity * 2));
        repetition = grow(repetition, count, grown);
        definition = grow(definition, count, grown);
        capacity = grown;
    }

    private Buffer grow(Buffer old, long usedBytes, long bytes) {
        Buffer larger = allocator.allocate(MemoryTag.READ, bytes);
        if (old != null) {
            Mem.copy(old.address(), larger.address(), usedBytes);
            old.release();
        }
        return larger;
    }

    private void readValues(int present) {
        if (dense == null || valueCount + present > denseCapacity) {
            int grown = Math.max(SLICE, Math.max(valueCount + present, 2 * denseCapacity));
            dense = grow(dense, (long) valueCount * width, (long) grown * width);
            denseCapacity = grown;
        }
        long to = dense.address() + (long) valueCount * width;
        if (values.isDictionary()) {
            values.decodeIndices(present, scratch.address());
            lookUp(values.dictionary(), present, to);
        } else {
            values.decode(present, to, target);
        }
        valueCount += present;
    }

    private void lookUp(Column dictionary, int present, long to) {
        Buffer[] data = dictionary.dataBuffers();
        int[] moved = new int[data.length];
        for (int i = 0; i < data.length; i++) {
            moved[i] = target.indexOf(data[i]);
        }
        for (int i = 0; i < present; i++) {
            long from = dictionary.valuesAddress() + (long) width * Mem.getInt(scratch.address() + 4L * i);
            long at = to + (long) width * i;
            Mem.copyShort(from, at, width);
            if (plan.conversion().isView() && View.length(at) > View.INLINE_BYTES) {
                Mem.putInt(at + 8, moved[Mem.getInt(at + 8)]);
            }
        }
    }

    /** Writes the values of the leaf's slots, zero where a slot is NULL. */
    void spread(int slotDefinition, long to) {
        long from = dense == null ? 0 : dense.address();
        long at = to;
        long definitions = definitions();
        for (int i = 0; i < count; i++) {
            int level = Mem.getByte(definitions + i);
            if (level == maxDefinition) {
                Mem.copyShort(from, at, width);
                from += width;
                at += width;
            } else if (level >= slotDefinition) {
                Mem.fill(at, width, (byte) 0);
                at += width;
            }
        }
    }

    /** The data buffers that the values' views point into, and the holds of them. */
    Buffer[] takeData() {
        return target.takeAll();
    }

    /** After the last row: fails when values are left. */
    void finish() {
        while (pendingFrom == pendingTo && pageLeft == 0) {
            if (!nextPage()) {
                return;
            }
        }
        throw where.corrupt("the column goes on after its row group");
    }

    @Override
    public void close() {
        target.release();
        for (Buffer buffer : new Buffer[] {dense, scratch, repetition, definition}) {
            if (buffer != null) {
                buffer.release();
            }
        }
        dense = null;
        scratch = null;
        repetition = null;
        definition = null;
        values.close();
        pages.close();
    }
}
