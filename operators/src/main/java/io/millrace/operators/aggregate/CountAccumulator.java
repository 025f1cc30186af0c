package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Mem;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;

/** COUNT: one i64. */
final class CountAccumulator implements Accumulator {
    @Override
    public int bytes() {
        return 8;
    }

    @Override
    public String layout() {
        return "count";
    }

    @Override
    public void update(Column argument, RowSet rows, int offset) {
        int count = rows.count;
        long targets = rows.rows;
        if (rows.weights == 0) {
            for (int i = 0; i < count; i++) {
                long at = Mem.getLong(targets + 8L * i) + offset;
                Mem.putLong(at, Mem.getLong(at) + 1);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            long at = Mem.getLong(targets + 8L * i) + offset;
            Mem.putLong(at, Mem.getLong(at) + rows.weight(i));
        }
    }

    @Override
    public void updateOne(Column argument, RowSet rows, long address) {
        long sum = rows.count;
        if (rows.weights != 0) {
            sum = 0;
            for (int i = 0; i < rows.count; i++) {
                sum += rows.weight(i);
            }
        }
        Mem.putLong(address, Mem.getLong(address) + sum);
    }

    @Override
    public void merge(Accumulator source, long from, long to) {
        Mem.putLong(to, Mem.getLong(to) + Mem.getLong(from));
    }

    @Override
    public void append(long rowsAddress, int count, int offset, ColumnBuilder results) {
        results.reserve(count);
        long to = results.valuesAddress() + 8L * results.rowCount();
        for (int i = 0; i < count; i++) {
            Mem.putLong(to + 8L * i, Mem.getLong(Mem.getLong(rowsAddress + 8L * i) + offset));
        }
        results.advance(count, 0);
    }
}
