package io.millrace.operators.evaluation;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.column.Column;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Random;

/** Batches of random values in every encoding, with NULLs and selections, by a seed. */
final class RandomBatches {
    static final Schema SCHEMA =
            Schema.of(
                    "bool", DataType.BOOLEAN,
                    "tiny", DataType.TINYINT,
                    "small", DataType.SMALLINT,
                    "int", DataType.INT,
                    "long", DataType.BIGINT,
                    "long2", DataType.BIGINT,
                    "float", DataType.FLOAT,
                    "double", DataType.DOUBLE,
                    "decimal", DataType.decimal(9, 2),
                    "wide", DataType.decimal(25, 3),
                    "date", DataType.DATE,
                    "time", DataType.timestamp(6),
                    "text", DataType.VARCHAR,
                    "text2", DataType.VARCHAR);

    private static final String[] WORDS = {
        "",
        "a",
        "Apple",
        "banana",
        "größe",
        "12",
        "-7",
        "3.5",
        "x1",
        "2024-02-29",
        "a rather long text of 30 bytes!!",
        "https://www.nexmark.com/a/b/item.htm?query=1&channel_id=42",
        "日本語",
        " spaced ",
        "%_%",
        "A"
    };

    private final Random random;
    private final Allocator allocator;

    RandomBatches(Random random, Allocator allocator) {
        this.random = random;
        this.allocator = allocator;
    }

    /** A value of a type, often a small or an extreme one; null now and then where asked. */
    static Object value(Random random, DataType type, double nullShare) {
        if (random.nextDouble() < nullShare) {
            return null;
        }
        int kind = random.nextInt(12);
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> kind == 0 ? Byte.MAX_VALUE : (byte) (random.nextInt(11) - 5);
            case SMALLINT -> kind == 0 ? Short.MIN_VALUE : (short) (random.nextInt(21) - 10);
            case INT ->
                    kind == 0 ? Integer.MAX_VALUE : kind == 1 ? Integer.MIN_VALUE : (Object) (random.nextInt(21) - 10);
            case BIGINT ->
                    kind == 0
                            ? Long.MAX_VALUE
                            : kind == 1
                                    ? Long.MIN_VALUE
                                    : kind == 2 ? random.nextLong() : (Object) (random.nextLong(21) - 10);
            case FLOAT -> kind == 0 ? Float.NaN : kind == 1 ? -0.0f : (float) (random.nextInt(41) - 20) / 4;
            case DOUBLE ->
                    kind == 0
                            ? Double.NaN
                            : kind == 1
                                    ? Double.NEGATIVE_INFINITY
                                    : kind == 2 ? -0.0 : (Object) ((random.nextInt(41) - 20) / 8.0);
            case DECIMAL -> BigDecimal.valueOf(kind == 0 ? 999_999_999L : random.nextInt(2_001) - 1_000, type.scale());
            case DATE -> LocalDate.ofEpochDay(random.nextInt(40_000) - 10_000);
            case TIMESTAMP ->
                    LocalDateTime.of(1970, 1, 1, 0, 0)
                            .plusSeconds(random.nextInt(2_000_000_000) - 500_000_000L)
                            .plusNanos(random.nextInt(1_000_000) * 1_000L);
            default -> WORDS[random.nextInt(WORDS.length)];
        };
    }

    Batch next() {
        int rows = 1 + random.nextInt(random.nextInt(4) == 0 ? 300 : 20);
        Column[] columns = new Column[SCHEMA.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = column(SCHEMA.type(i), rows);
        }
        Batch batch = new Batch(SCHEMA, columns, rows);
        if (random.nextInt(3) == 0) {
            int[] selected = random.ints(0, rows).limit(random.nextInt(rows + 1)).distinct().sorted().toArray();
            batch.select(Selection.of(allocator, selected));
        }
        return batch;
    }

    private Column column(DataType type, int rows) {
        double nullShare = random.nextBoolean() ? 0 : 0.2;
        switch (random.nextInt(4)) {
            case 0 -> {
                return Column.constant(flat(type, 1, nullShare), rows);
            }
            case 1 -> {
                return dictionary(type, rows, nullShare);
            }
            default -> {
                return flat(type, rows, nullShare);
            }
        }
    }

    private Column flat(DataType type, int rows, double nullShare) {
        try (ColumnBuilder builder = new ColumnBuilder(allocator, MemoryTag.BATCH, type, rows)) {
            for (int i = 0; i < rows; i++) {
                builder.appendObject(value(random, type, nullShare));
            }
            return builder.build();
        }
    }

    private Column dictionary(DataType type, int rows, double nullShare) {
        int entries = 1 + random.nextInt(6);
        Buffer indices = allocator.allocate(MemoryTag.BATCH, 4L * rows);
        Buffer validity = allocator.allocate(MemoryTag.BATCH, Mem.bitmapBytes(rows));
        Mem.fill(validity.address(), Mem.bitmapBytes(rows), (byte) 0xff);
        int nulls = 0;
        for (int i = 0; i < rows; i++) {
            boolean missing = random.nextDouble() < nullShare;
            Mem.putInt(indices.address() + 4L * i, missing ? 0 : random.nextInt(entries));
            if (missing) {
                Mem.clearBit(validity.address(), i);
                nulls++;
            }
        }
        if (nulls == 0) {
            validity.release();
        }
        return Column.dictionary(rows, nulls, indices, nulls == 0 ? null : validity, flat(type, entries, 0));
    }
}
