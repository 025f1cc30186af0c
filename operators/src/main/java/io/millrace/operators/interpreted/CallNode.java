package io.millrace.operators.interpreted;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.Encoding;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.kernel.Operand;
import io.millrace.operators.kernel.Rows;
import io.millrace.operators.kernel.Target;
import java.util.List;

/**
 * A function of its arguments' values in the same row. Sees to NULLs and encodings, so that the kernel has neither: of
 * constants it computes one row; of one dictionary and otherwise constants one row an entry, kept for as long as the
 * dictionary stays the same.
 */
final class CallNode implements Node {
    private final Node[] arguments;
    private final Operand[] operands;
    private final RowKernel kernel;
    private final DataType type;
    private final boolean strict;
    private final boolean deterministic;
    private Column seenDictionary;
    private Column entryResults;

    CallNode(List<Node> arguments, RowKernel kernel, DataType type, boolean strict, boolean deterministic) {
        this.arguments = arguments.toArray(Node[]::new);
        this.operands = new Operand[this.arguments.length];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = new Operand();
        }
        this.kernel = kernel;
        this.type = type;
        this.strict = strict;
        this.deterministic = deterministic;
    }

    @Override
    public Column evaluate(Frame frame, Rows rows) {
        if (rows.isEmpty()) {
            return zeros(frame);
        }
        Column[] columns = new Column[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                columns[i] = arguments[i].evaluate(frame, rows);
            }
            return compute(frame, columns, rows);
        } finally {
            for (Column column : columns) {
                if (column != null) {
                    column.release();
                }
            }
        }
    }

    private Column zeros(Frame frame) {
        try (Target out = new Target(frame.allocator(), type, frame.rowCount(), false)) {
            return out.build();
        }
    }

    private Column compute(Frame frame, Column[] columns, Rows rows) {
        int dictionary = -1;
        int varying = 0;
        for (int i = 0; i < columns.length; i++) {
            varying += columns[i].encoding() == Encoding.CONSTANT ? 0 : 1;
            dictionary = columns[i].encoding() == Encoding.DICTIONARY ? i : dictionary;
        }
        if (deterministic && varying == 0) {
            return Column.constant(run(frame.allocator(), columns, Rows.first(1), 1), frame.rowCount());
        }
        if (deterministic && varying == 1 && dictionary >= 0) {
            Column result = overEntries(frame.allocator(), columns, dictionary, rows);
            if (result != null) {
                return result;
            }
        }
        return run(frame.allocator(), columns, rows, frame.rowCount());
    }

    /** The result by dictionary entries, or null when that would not pay or an entry, perhaps one not used, fails. */
    private Column overEntries(Allocator allocator, Column[] columns, int which, Rows rows) {
        Column indexed = columns[which];
        Column dictionary = indexed.dictionary();
        boolean known = dictionary == seenDictionary && isLiteralBeside(which);
        if (!strict && indexed.hasNulls() || !known && dictionary.rowCount() > 2L * rows.count()) {
            return null;
        }
        if (!known) {
            forgetEntries();
            try {
                columns[which] = dictionary;
                entryResults = run(allocator, columns, Rows.first(dictionary.rowCount()), dictionary.rowCount());
                seenDictionary = dictionary.retain();
            } catch (MillraceException failure) {
                if (failure.code() != ErrorCode.DATA_EXCEPTION) {
                    throw failure;
                }
                return null;
            } finally {
                columns[which] = indexed;
            }
        }
        return entryResults.hasNulls()
                ? spread(allocator, indexed, entryResults)
                : indexed.withDictionary(entryResults.retain());
    }

    /** Entries with NULLs make no dictionary: one value a row. */
    private Column spread(Allocator allocator, Column indexed, Column entries) {
        Operand index = new Operand().set(indexed);
        Operand entry = new Operand().set(entries);
        try (Target out = new Target(allocator, type, indexed.rowCount(), false)) {
            out.gather(index, entry);
            return out.build();
        }
    }

    private Column run(Allocator allocator, Column[] columns, Rows rows, int rowCount) {
        boolean nulls = false;
        for (int i = 0; i < columns.length; i++) {
            operands[i].set(columns[i]);
            nulls |= operands[i].hasNulls();
        }
        boolean everyRow = rows.isDense() && rows.count() == rowCount;
        try (Target out = new Target(allocator, type, rowCount, everyRow)) {
            if (strict && nulls) {
                try (Rows present = presentRows(allocator, rows, out)) {
                    kernel.run(operands, present, out);
                }
            } else {
                kernel.run(operands, rows, out);
            }
            return out.build();
        }
    }

    private Rows presentRows(Allocator allocator, Rows rows, Target out) {
        Rows present = Rows.allocate(allocator, rows.count());
        int count = rows.count();
        try {
            for (int i = 0; i < count; i++) {
                int row = rows.row(i);
                boolean missing = false;
                for (Operand operand : operands) {
                    missing |= operand.isNull(row);
                }
                if (missing) {
                    out.putNull(row);
                } else {
                    present.add(row);
                }
            }
            return present;
        } catch (RuntimeException failure) {
            present.close();
            throw failure;
        }
    }

    /** Whether the other arguments are the same in each batch: a CONSTANT column of the input need not be. */
    private boolean isLiteralBeside(int which) {
        for (int i = 0; i < arguments.length; i++) {
            if (i != which && !(arguments[i] instanceof ConstantNode)) {
                return false;
            }
        }
        return true;
    }

    private void forgetEntries() {
        if (seenDictionary != null) {
            seenDictionary.release();
            seenDictionary = null;
        }
        if (entryResults != null) {
            entryResults.release();
            entryResults = null;
        }
    }

    @Override
    public void close() {
        forgetEntries();
        kernel.close();
        for (Node argument : arguments) {
            argument.close();
        }
    }
}
