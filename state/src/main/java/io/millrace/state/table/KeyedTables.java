package io.millrace.state.table;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import java.util.List;

/** Chooses the layout of a table. */
public final class KeyedTables {
    private KeyedTables() {}

    /**
     * A table over these columns of a batch.
     *
     * @param keyColumns indices into the batches that {@link KeyedTable#findOrAdd} will get; may be empty
     * @param keyTypes their types
     * @param valueBytes a multiple of 8
     * @param stable whether rows must never move
     */
    public static KeptTable create(
            Allocator allocator, List<Integer> keyColumns, List<DataType> keyTypes, int valueBytes, boolean stable) {
        return create(allocator, keyColumns, keyTypes, valueBytes, stable, null);
    }

    /** A table that checkpoints keep, whose records go to the sink; otherwise as the other. */
    public static KeptTable kept(
            Allocator allocator,
            List<Integer> keyColumns,
            List<DataType> keyTypes,
            boolean stable,
            RowJournal journal) {
        return create(allocator, keyColumns, keyTypes, journal.valueBytes(), stable, journal);
    }

    private static KeptTable create(
            Allocator allocator,
            List<Integer> keyColumns,
            List<DataType> keyTypes,
            int valueBytes,
            boolean stable,
            RowJournal journal) {
        if (valueBytes % 8 != 0) {
            throw new IllegalArgumentException("expected valueBytes a multiple of 8, found " + valueBytes);
        }
        if (!stable && keyTypes.size() == 1 && isLongKey(keyTypes.getFirst())) {
            return new LongKeyTable(allocator, keyColumns.getFirst(), keyTypes.getFirst(), valueBytes, journal);
        }
        return new BytesKeyTable(allocator, new KeyCodec(keyColumns, keyTypes), valueBytes, journal);
    }

    private static boolean isLongKey(DataType type) {
        return switch (type.layout()) {
            case I8, I16, I32, I64, BOOL8 -> true;
            default -> false;
        };
    }
}
