package io.millrace.memory.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.types.DataType;
import org.junit.jupiter.api.Test;

final class SharedColumnTest {
    private static Column flat(Allocator allocator, DataType type, Object... values) {
        try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, type, values.length)) {
            for (Object value : values) {
                builder.appendObject(value);
            }
            return builder.build();
        }
    }

    private static Column dictionary(Allocator allocator) {
        Buffer indices = allocator.allocate(MemoryTag.BATCH, 12);
        Mem.putInt(indices.address(), 1);
        Mem.putInt(indices.address() + 4, 0);
        Mem.putInt(indices.address() + 8, 1);
        return Column.dictionary(3, 0, indices, null, flat(allocator, DataType.VARCHAR, "a", "a text of its own"));
    }

    @Test
    void putsAnotherDictionaryUnderTheSameIndices() {
        try (Allocator allocator = Allocator.root(1 << 20)) {
            Column names = dictionary(allocator);
            Column lengths = names.withDictionary(flat(allocator, DataType.INT, 1, 17));
            names.release();
            assertThat(lengths.getObject(0)).isEqualTo(17);
            assertThat(lengths.getObject(1)).isEqualTo(1);
            lengths.release();
        }
    }

    @Test
    void givesTheSameValuesAnotherType() {
        try (Allocator allocator = Allocator.root(1 << 20)) {
            Column names = dictionary(allocator);
            Column shorter = names.withType(DataType.varchar(20));
            names.release();
            assertThat(shorter.type()).isEqualTo(DataType.varchar(20));
            assertThat(shorter.getObject(2)).isEqualTo("a text of its own");
            shorter.release();
        }
    }
}
