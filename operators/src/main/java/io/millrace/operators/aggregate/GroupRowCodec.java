package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.table.RowCodec;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;

/**
 * How the rows of a {@link GroupTable} are kept: the accumulators; if changes are tracked, i64 flags, and when they say
 * that the group was emitted, the results as emitted.
 *
 * @param emitted null when changes are not tracked
 */
record GroupRowCodec(AccumulatorRow accumulators, EmittedRow emitted) implements RowCodec {
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
        return accumulators.isFlat() && emitted == null;
    }

    @Override
    public void write(long row, StateOutput output) {
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
    public void free(long row) {
        accumulators.remove(row);
        if (emitted != null) {
            emitted.removeAll(emittedOf(row));
        }
    }

    @Override
    public void merge(long from, long to) {
        accumulators.merge(accumulators, from, to);
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
