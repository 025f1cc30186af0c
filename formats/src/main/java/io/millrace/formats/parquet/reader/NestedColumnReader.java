package io.millrace.formats.parquet.reader;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.error.MillraceException;
import java.util.List;

/**
 * Reads a ROW, ARRAY or MAP: levels and values of each leaf first, then the columns from the top down.
 *
 * <p>A column has a slot for each level entry that begins an instance of what is above it: the entries with repetition
 * up to the slot's and definition from the slot's on. Members of a ROW share its slots; elements of a list have their
 * own.
 *
 * <p>Source: Melnik et al., Dremel: Interactive Analysis of Web-Scale Datasets (VLDB 2010), turned to offsets and
 * validity.
 */
final class NestedColumnReader implements ColumnReader {
    private final ColumnPlan plan;
    private final List<LeafLevels> leaves;
    private final int firstLeaf;
    private final Allocator allocator;

    /**
     * Takes the leaves.
     *
     * @param firstLeaf the index that the plan has for the first of them
     */
    NestedColumnReader(ColumnPlan plan, List<LeafLevels> leaves, int firstLeaf, Allocator allocator) {
        this.plan = plan;
        this.leaves = leaves;
        this.firstLeaf = firstLeaf;
        this.allocator = allocator;
    }

    private LeafLevels leaf(ColumnPlan of) {
        return leaves.get(of.firstLeaf().leaf() - firstLeaf);
    }

    @Override
    public boolean ready(int rows) {
        boolean ready = true;
        for (LeafLevels leaf : leaves) {
            ready &= leaf.gather(rows);
        }
        return ready;
    }

    /** Of as many rows as were last asked for by {@link #ready}. */
    @Override
    public Column read(int rows) {
        try {
            gather(rows);
            return make(plan, 0, 0, rows, 0);
        } finally {
            leaves.forEach(LeafLevels::forget);
        }
    }

    @Override
    public void skip(int rows) {
        try {
            gather(rows);
        } finally {
            leaves.forEach(LeafLevels::forget);
        }
    }

    /** Not without reading all: what is nested is narrowed by a selection instead. */
    @Override
    public boolean readsSelected() {
        return false;
    }

    @Override
    public Column read(int rows, long selection, int count) {
        throw MillraceException.internal("a nested column read by a selection");
    }

    private void gather(int rows) {
        for (LeafLevels leaf : leaves) {
            if (!leaf.gather(rows)) {
                throw leaf.where().corrupt("the chunk ends within a page");
            }
        }
    }

    /**
     * @param aboveDefinition the definition level from which what holds the part is present: below it, its slot is NULL
     *     because of that
     */
    private Column make(ColumnPlan part, int slotDefinition, int slotRepetition, int slots, int aboveDefinition) {
        LeafLevels levels = leaf(part);
        Buffer validity = null;
        int nulls = 0;
        if (part.definition() > slotDefinition) {
            validity = allocator.allocate(MemoryTag.BATCH, Mem.bitmapBytes(slots) + 8);
        }
        Buffer values = null;
        Column[] children = null;
        boolean done = false;
        try {
            nulls = validity(part, levels, slotDefinition, slotRepetition, slots, validity);
            if (nulls > 0 && !part.type().nullable()) {
                checkNoneMissing(part, levels, slotDefinition, slotRepetition, aboveDefinition);
            }
            switch (part.kind()) {
                case LEAF -> {
                    int width = part.type().layout().widthBytes();
                    values = allocator.allocate(MemoryTag.BATCH, Math.max(8, (long) width * slots));
                    levels.spread(slotDefinition, values.address());
                }
                case STRUCT -> {
                    children = new Column[part.children().size()];
                    for (int i = 0; i < children.length; i++) {
                        children[i] =
                                make(part.children().get(i), slotDefinition, slotRepetition, slots, part.definition());
                    }
                }
                case LIST -> {
                    values = allocator.allocate(MemoryTag.BATCH, 4L * (slots + 1));
                    int elements = offsets(part, levels, slotDefinition, slotRepetition, values.address());
                    children = new Column[1];
                    children[0] =
                            make(
                                    part.children().getFirst(),
                                    part.elementDefinition(),
                                    part.elementRepetition(),
                                    elements,
                                    part.elementDefinition());
                }
            }
            done = true;
        } finally {
            if (!done) {
                release(validity, values, children);
            }
        }
        if (nulls == 0 && validity != null) {
            validity.release();
            validity = null;
        }
        Buffer[] data = part.kind() == ColumnPlan.Kind.LEAF ? levels.takeData() : null;
        return new Column(part.type(), Encoding.FLAT, slots, nulls, values, validity, data, children);
    }

    private static void release(Buffer validity, Buffer values, Column[] children) {
        if (validity != null) {
            validity.release();
        }
        if (values != null) {
            values.release();
        }
        if (children != null) {
            for (Column child : children) {
                if (child != null) {
                    child.release();
                }
            }
        }
    }

    /**
     * Checks that the leaf has as many slots as the column's others, and writes which are present; counts those not.
     */
    private static int validity(
            ColumnPlan part, LeafLevels levels, int slotDefinition, int slotRepetition, int slots, Buffer validity) {
        long bits = validity == null ? 0 : validity.address();
        if (validity != null) {
            Mem.fill(bits, Mem.bitmapBytes(slots) + 8, (byte) 0xff);
        }
        int slot = 0;
        int nulls = 0;
        int count = levels.count();
        long repetitions = levels.repetitions();
        long definitions = levels.definitions();
        for (int i = 0; i < count; i++) {
            int level = Mem.getByte(definitions + i);
            if (Mem.getByte(repetitions + i) > slotRepetition || level < slotDefinition) {
                continue;
            }
            if (level < part.definition()) {
                if (bits != 0 && slot < slots) {
                    Mem.clearBit(bits, slot);
                }
                nulls++;
            }
            slot++;
        }
        if (slot != slots) {
            throw levels.where().corrupt("expected " + slots + " values, as its neighbours have, found " + slot);
        }
        return nulls;
    }

    /** Fails when a slot is NULL although what holds it is there: its type says it never is. */
    private static void checkNoneMissing(
            ColumnPlan part, LeafLevels levels, int slotDefinition, int slotRepetition, int aboveDefinition) {
        int least = Math.max(slotDefinition, aboveDefinition);
        int count = levels.count();
        long repetitions = levels.repetitions();
        long definitions = levels.definitions();
        for (int i = 0; i < count; i++) {
            int level = Mem.getByte(definitions + i);
            if (Mem.getByte(repetitions + i) <= slotRepetition && level >= least && level < part.definition()) {
                throw levels.where().broken("a part of the column is declared " + part.type() + " and holds NULL");
            }
        }
    }

    /** Writes where each slot's elements begin and end; how many there are in all. */
    private static int offsets(ColumnPlan part, LeafLevels levels, int slotDefinition, int slotRepetition, long to) {
        int slot = 0;
        int elements = 0;
        int count = levels.count();
        long repetitions = levels.repetitions();
        long definitions = levels.definitions();
        for (int i = 0; i < count; i++) {
            int definition = Mem.getByte(definitions + i);
            int repetition = Mem.getByte(repetitions + i);
            if (repetition <= slotRepetition && definition >= slotDefinition) {
                Mem.putInt(to + 4L * slot++, elements);
            }
            if (repetition <= part.elementRepetition() && definition >= part.elementDefinition()) {
                elements++;
            }
        }
        Mem.putInt(to + 4L * slot, elements);
        return elements;
    }

    @Override
    public void finish() {
        leaves.forEach(LeafLevels::finish);
    }

    @Override
    public void close() {
        leaves.forEach(LeafLevels::close);
    }
}
