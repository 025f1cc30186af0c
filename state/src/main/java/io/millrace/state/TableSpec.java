package io.millrace.state;

import io.millrace.memory.types.DataType;
import io.millrace.state.table.RowCodec;
import java.util.List;

/**
 * What a keyed table is.
 *
 * @param name of the state within its operator; never changes
 * @param keyColumns indices into the batches that it will be given; may be empty
 * @param keyTypes their types
 * @param valueBytes of a row, a multiple of 8
 * @param stable whether rows must never move
 * @param codec how rows are written and read
 */
public record TableSpec(
        String name,
        List<Integer> keyColumns,
        List<DataType> keyTypes,
        int valueBytes,
        boolean stable,
        RowCodec codec) {
    public TableSpec {
        keyColumns = List.copyOf(keyColumns);
        keyTypes = List.copyOf(keyTypes);
        if (valueBytes % 8 != 0) {
            throw new IllegalArgumentException("expected valueBytes a multiple of 8, found " + valueBytes);
        }
    }
}
