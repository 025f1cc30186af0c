package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.table.RowCodec;
import io.millrace.state.table.RowConversion;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.util.List;

/**
 * How the rows of a {@link GroupTable} are kept: as they lie, when they hold no addresses. Else the accumulators; if
 * changes are tracked, i64 flags, and when they say that the group was emitted, the results as emitted.
 */
final class GroupRowCodec implements RowCodec {
    private final AccumulatorRow accumulators;
    private final EmittedRow emitted;
    private final boolean retracting;
    private final boolean flat;
    private final int bytes;

    /** {@code emitted} is null when changes are not tracked. */
    GroupRowCodec(AccumulatorRow accumulators, EmittedRow emitted, boolean retracting) {
        this.retracting = retracting;
        this.accumulators = accumulators;
        this.emitted = emitted;
        this.flat = accumulators.isFlat() && (emitted == null || emitted.isFlat());
        this.bytes = accumulators.bytes() + (emitted == null ? 0 : 8 + emitted.bytes());
    }

    /** Of a row. */
    int bytes() {
        return bytes;
    }

    private long flagsOf(long row) {
        return row + accumulators.bytes();
    }

    private long emittedOf(long row) {
        return flagsOf(row) + 8;
    }

    @Override
    public String layout() {
        return accumulators.layout() + (emitted == null ? "" : "|emitted:" + emitted.layout());
    }

    @Override
    public boolean isFlat() {
        return flat;
    }

    @Override
    public boolean isSelfContained() {
        return accumulators.isSelfContained() && (emitted == null || emitted.isFlat());
    }

    @Override
    public boolean isWhole(long row) {
        return emitted != null && (Mem.getLong(flagsOf(row)) & GroupTable.WHOLE) != 0;
    }

    @Override
    public boolean isVoid(long row) {
        return retracting
                && AccumulatorRow.rowCount(row) == 0
                && (emitted == null || (Mem.getLong(flagsOf(row)) & ~GroupTable.WHOLE) == 0);
    }

    @Override
    public void write(long row, StateOutput output) {
        if (flat) {
            output.putBytes(row, bytes);
            return;
        }
        accumulators.write(row, output);
        if (emitted != null) {
            long flags = Mem.getLong(flagsOf(row));
            output.putLong(flags);
            if ((flags & GroupTable.EMITTED) != 0) {
                emitted.write(emittedOf(row), output);
            }
        }
    }

    @Override
    public void read(StateInput input, long row) {
        if (flat) {
            input.getBytes(row, bytes);
            return;
        }
        accumulators.read(input, row);
        if (emitted != null) {
            long flags = input.getLong();
            Mem.putLong(flagsOf(row), flags);
            if ((flags & GroupTable.EMITTED) != 0) {
                emitted.read(input, emittedOf(row));
            }
        }
    }

    @Override
    public RowConversion conversion(String before, List<Integer> from) {
        byte[][] emptyEmitted = new byte[from.size()][];
        for (int k = 0; emitted != null && k < emptyEmitted.length; k++) {
            emptyEmitted[k] = accumulators.isNullWhenEmpty(k) ? null : new byte[emitted.widthBytes(k)];
        }
        return new GroupRowConversion(before, layout(), from, accumulators.emptyParts(), emptyEmitted);
    }

    @Override
    public void free(long row) {
        accumulators.remove(row);
        if (emitted != null) {
            emitted.removeAll(emittedOf(row));
        }
    }

    @Override
    public void merge(long from, long to) {
        merge(accumulators, from, to);
    }

    /** Adds a row of another table of the same groups. */
    void merge(AccumulatorRow ofFrom, long from, long to) {
        accumulators.merge(ofFrom, from, to);
        if (emitted != null) {
            long flags = Mem.getLong(flagsOf(from));
            long before = Mem.getLong(flagsOf(to));
            if ((flags & before & GroupTable.EMITTED) != 0) {
                throw MillraceException.internal("two groups of one key were both emitted");
            }
            Mem.putLong(flagsOf(to), before | flags);
            if ((flags & GroupTable.EMITTED) != 0) {
                emitted.copy(emittedOf(from), emittedOf(to));
            }
        }
    }
}
