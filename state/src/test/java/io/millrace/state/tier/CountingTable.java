package io.millrace.state.tier;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.KeyedTables;
import io.millrace.state.table.RowCodec;
import io.millrace.state.table.RowList;
import io.millrace.state.table.StateInput;
import io.millrace.state.table.StateOutput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often keys were added, from tables of a string key to | i64 count | i64 1 if the row is whole |. */
final class CountingTable implements CodedTable, RowCodec {
    private static final Schema SCHEMA = Schema.of("k", DataType.VARCHAR);
    private static final int ROW_BYTES = 16;

    private final Allocator allocator;
    private final KeptTable table;

    CountingTable(Allocator allocator) {
        this.allocator = allocator;
        this.table = KeyedTables.create(allocator, List.of(0), List.of(DataType.VARCHAR), ROW_BYTES, true);
    }

    /** Adds to the count of a key. */
    void add(String key, long count) {
        long row = row(key);
        Mem.putLong(row, Mem.getLong(row) + count);
    }

    /** Makes this the count of a key, whatever it was before and elsewhere. */
    void set(String key, long count) {
        long row = row(key);
        Mem.putLong(row, count);
        Mem.putLong(row + 8, 1);
    }

    long row(String key) {
        try (RowList found = new RowList(allocator, 1);
                BatchBuilder builder = new BatchBuilder(allocator, SCHEMA, 1);
                Batch batch = builder.append(key).build()) {
            found.setSize(1);
            table.findOrAdd(batch, 0, 1, found.address());
            return found.get(0);
        }
    }

    /** All counts. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        try (RowList rows = new RowList(allocator, 16);
                ColumnBuilder keys = new ColumnBuilder(allocator, MemoryTag.STATE, DataType.VARCHAR, 16)) {
            table.scan(0, Integer.MAX_VALUE, rows);
            table.appendKeys(rows.address(), rows.size(), new ColumnBuilder[] {keys});
            Column column = keys.build();
            for (int i = 0; i < rows.size(); i++) {
                counts.put((String) column.getObject(i), Mem.getLong(rows.get(i)));
            }
            column.release();
        }
        return counts;
    }

    @Override
    public KeptTable table() {
        return table;
    }

    @Override
    public RowCodec codec() {
        return this;
    }

    @Override
    public void clear() {
        table.clear();
    }

    @Override
    public void close() {
        table.close();
    }

    @Override
    public String layout() {
        return "count";
    }

    @Override
    public boolean isFlat() {
        return true;
    }

    @Override
    public boolean isWhole(long row) {
        return Mem.getLong(row + 8) != 0;
    }

    @Override
    public boolean isVoid(long row) {
        return Mem.getLong(row) == 0;
    }

    @Override
    public void write(long row, StateOutput output) {
        output.putBytes(row, ROW_BYTES);
    }

    @Override
    public void read(StateInput input, long row) {
        input.getBytes(row, ROW_BYTES);
    }

    @Override
    public void free(long row) {}

    @Override
    public void merge(long from, long to) {
        Mem.putLong(to, Mem.getLong(to) + Mem.getLong(from));
        Mem.putLong(to + 8, Mem.getLong(to + 8) | Mem.getLong(from + 8));
    }
}
