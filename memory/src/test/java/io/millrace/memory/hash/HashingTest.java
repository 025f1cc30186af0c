package io.millrace.memory.hash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashingTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 5);

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    private static long littleEndian(byte[] bytes, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value |= (bytes[i] & 0xffL) << (8 * (i - from));
        }
        return value;
    }

    /** The definition, a byte at a time: state on disk depends on it. */
    private static long plainHash(byte[] bytes) {
        long p0 = 0x9E3779B97F4A7C15L;
        long p1 = 0xD1B54A32D192ED03L;
        long p2 = 0x8CB92BA72F3D8DD7L;
        long hash = p2 ^ bytes.length;
        int i = 0;
        for (; i + 16 <= bytes.length; i += 16) {
            hash = fold(littleEndian(bytes, i, i + 8) ^ p0, littleEndian(bytes, i + 8, i + 16) ^ hash);
        }
        if (i + 8 <= bytes.length) {
            hash = fold(littleEndian(bytes, i, i + 8) ^ p1, hash ^ p0);
            i += 8;
        }
        return fold(littleEndian(bytes, i, bytes.length) ^ p2, hash ^ p1);
    }

    @Test
    void hashesBytesOfAnyLengthByTheDefinition() {
        Random random = new Random(SEED);
        try (Allocator root = Allocator.root(1 << 20)) {
            Buffer buffer = root.allocate(MemoryTag.BATCH, 512);
            for (int length = 0; length < 200; length++) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                long at = buffer.address() + random.nextInt(64);
                Mem.fill(buffer.address(), buffer.capacityBytes(), (byte) 0x5a);
                Mem.copyIn(bytes, 0, at, length);
                assertThat(Hashing.hashBytes(at, length))
                        .describedAs("length %d seed %d", length, SEED)
                        .isEqualTo(plainHash(bytes));
            }
            buffer.release();
        }
    }

    static List<DataType> types() {
        return List.of(DataType.BIGINT, DataType.INT, DataType.VARCHAR, DataType.DOUBLE, DataType.decimal(30, 2));
    }

    @ParameterizedTest
    @MethodSource("types")
    void hashesAColumnAsItHashesItsValues(DataType type) {
        Random random = new Random(SEED);
        int count = 300;
        for (boolean nulls : new boolean[] {false, true}) {
            try (Allocator root = Allocator.root(1 << 20);
                    ColumnBuilder builder = new ColumnBuilder(root, MemoryTag.BATCH, type, count)) {
                for (int i = 0; i < count; i++) {
                    builder.appendObject(nulls && random.nextInt(3) == 0 ? null : value(type, random));
                }
                Column column = builder.build();
                Buffer hashes = root.allocate(MemoryTag.BATCH, 8L * count);
                Hashing.hashColumn(column, 0, count, hashes.address(), true, root);
                Hashing.hashColumn(column, 0, count, hashes.address(), false, root);
                for (int row = 0; row < count; row++) {
                    long hash = Hashing.hashValue(column, row);
                    assertThat(Mem.getLong(hashes.address() + 8L * row)).isEqualTo(Hashing.combine(hash, hash));
                }
                hashes.release();
                column.release();
            }
        }
    }

    private static Object value(DataType type, Random random) {
        return switch (type.kind()) {
            case VARCHAR -> "x".repeat(random.nextInt(40)) + random.nextInt();
            case DOUBLE -> random.nextInt(10) == 0 ? -0.0 : random.nextDouble();
            case DECIMAL -> java.math.BigDecimal.valueOf(random.nextLong(), 2);
            default -> random.nextInt();
        };
    }
}
