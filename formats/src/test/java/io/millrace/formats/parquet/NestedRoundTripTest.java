package io.millrace.formats.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.reader.ChunkBytes;
import io.millrace.formats.parquet.reader.ParquetProjection;
import io.millrace.formats.parquet.reader.RowGroupReader;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random nested schemas and rows, written and read back; DuckDB as a second opinion on both sides. */
class NestedRoundTripTest {
    @TempDir Path dir;

    private static DataType type(SplittableRandom random, int depth) {
        DataType type =
                switch (random.nextInt(depth == 0 ? 3 : 6)) {
                    case 0 -> DataType.BIGINT;
                    case 1 -> DataType.VARCHAR;
                    case 2 -> DataType.decimal(5, 2);
                    case 3 -> DataType.array(type(random, depth - 1));
                    case 4 -> DataType.map(DataType.VARCHAR, type(random, depth - 1));
                    default -> {
                        List<Field> fields = new ArrayList<>();
                        for (int i = 0; i <= random.nextInt(3); i++) {
                            fields.add(new Field("f" + i, type(random, depth - 1)));
                        }
                        yield DataType.row(fields);
                    }
                };
        return random.nextInt(3) == 0 ? type.notNull() : type;
    }

    private static Object value(SplittableRandom random, DataType type) {
        if (type.nullable() && random.nextInt(4) == 0) {
            return null;
        }
        return switch (type.kind()) {
            case BIGINT -> (long) random.nextInt(100);
            case VARCHAR -> random.nextBoolean() ? "s" + random.nextInt(10) : "a longer string " + random.nextInt(1000);
            case DECIMAL -> java.math.BigDecimal.valueOf(random.nextInt(-99_999, 100_000), 2);
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, type.elementType()));
                }
                yield list;
            }
            case MAP -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    map.put("k" + i, value(random, type.elementType().children().get(1).type()));
                }
                yield map;
            }
            default -> {
                List<Object> row = new ArrayList<>();
                for (Field field : type.children()) {
                    row.add(value(random, field.type()));
                }
                yield row;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsBackWhatWasWritten(boolean version2) {
        long base = Long.getLong("millrace.test.seed", 1000);
        for (long seed = base; seed < base + 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Schema schema =
                    new Schema(
                            List.of(
                                    new Field("a", type(random, 3)),
                                    new Field("b", type(random, 2)),
                                    new Field("id", DataType.BIGINT)));
            List<List<Object>> rows = new ArrayList<>();
            for (long i = 0; i < 700; i++) {
                rows.add(Arrays.asList(value(random, schema.type(0)), value(random, schema.type(1)), i));
            }
            ParquetWriteOptions options =
                    ParquetWriteOptions.DEFAULT.withPages(500, 100).withRowGroupRows(400).withVersion2(version2);
            try (Allocator root = Allocator.root(128 << 20)) {
                byte[] file = ParquetWriterTest.write(rows, schema, options, root);
                for (int batchRows : new int[] {1, 33, 4096}) {
                    assertThat(ParquetFiles.rows(file, schema, batchRows, 3_000, root))
                            .as("seed=%d schema=%s batchRows=%d", seed, schema, batchRows)
                            .isEqualTo(rows);
                }
                assertThat(ParquetFiles.footer(file, root).schema().toString()).isEqualTo(schema.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(WriterVersion.class)
    void readsWhatParquetHadoopWrites(WriterVersion version) throws Exception {
        long base = Long.getLong("millrace.test.seed", 7000);
        for (long seed = base; seed < base + 40; seed++) {
            NestedFile nested = new NestedFile(seed, version);
            byte[] file = nested.write(dir, 400);
            try (Allocator root = Allocator.root(128 << 20)) {
                for (int batchRows : new int[] {1, 57, 4096}) {
                    assertThat(ParquetFiles.rows(file, null, batchRows, 2_000, root))
                            .as("seed=%d schema=%s batchRows=%d", seed, nested.schema(), batchRows)
                            .isEqualTo(nested.rows);
                }
            }
        }
    }

    /** A row group need not be held whole for the sake of a nested column. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isReadyBeforeTheLastPageIsThere(boolean version2) {
        Schema schema = Schema.of("l", DataType.array(DataType.BIGINT));
        List<List<Object>> rows = new ArrayList<>();
        for (long i = 0; i < 20_000; i++) {
            rows.add(List.of(List.of(i, i + 1)));
        }
        ParquetWriteOptions options =
                ParquetWriteOptions.DEFAULT.withPages(500, 100).withDictionary(false).withVersion2(version2);
        try (Allocator root = Allocator.root(64 << 20)) {
            byte[] file = ParquetWriterTest.write(rows, schema, options, root);
            ParquetFooter footer = ParquetFiles.footer(file, root);
            ParquetProjection projection = ParquetProjection.of(footer, footer.schema());
            RowGroup group = footer.rowGroups().getFirst();
            ColumnChunk chunk = projection.chunks(group).getFirst();
            ChunkBytes bytes = new ChunkBytes(chunk.lengthBytes());
            try (RowGroupReader reader = new RowGroupReader(projection, group, List.of(bytes), root)) {
                assertThat(reader.ready(64)).isFalse();
                int half = (int) chunk.lengthBytes() / 2;
                Buffer first = root.allocate(MemoryTag.READ, half + ChunkBytes.PADDING_BYTES);
                Mem.copyIn(file, (int) chunk.offset(), first.address(), half);
                bytes.append(first, 0, half);
                int read = 0;
                while (reader.ready(64)) {
                    try (Batch batch = reader.read(64)) {
                        assertThat(batch.toRows()).isEqualTo(rows.subList(read, read + batch.rowCount()));
                        read += batch.rowCount();
                    }
                }
                assertThat(read).isBetween(6_000, 14_000);
            }
        }
    }

    @Test
    void refusesNullInAPartThatIsDeclaredNotNull() {
        Schema schema = Schema.of("l", DataType.array(DataType.BIGINT));
        List<List<Object>> rows = List.of(List.of(List.of(1L, 2L)), List.of(Arrays.asList(3L, null)));
        try (Allocator root = Allocator.root(64 << 20)) {
            byte[] file = ParquetWriterTest.write(rows, schema, ParquetWriteOptions.DEFAULT, root);
            Schema declared = Schema.of("l", DataType.array(DataType.BIGINT.notNull()));
            assertThatThrownBy(() -> ParquetFiles.rows(file, declared, 10, 1 << 20, root))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("declared BIGINT NOT NULL and holds NULL");
        }
    }

    @Test
    void readsWhatDuckDbWrites() throws Exception {
        Path file = dir.resolve("duck.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            sql.execute(
                    "COPY (SELECT i AS id, CASE WHEN i % 3 = 0 THEN NULL ELSE {'x': i::INT, 'y': ['a' || i, NULL]} END"
                        + " AS r, CASE WHEN i % 4 = 0 THEN [] ELSE [[i, NULL], NULL, []] END AS l, map(['k' || i], [i])"
                        + " AS m FROM range(0, 5000) t(i)) TO '"
                            + file
                            + "' (FORMAT parquet, ROW_GROUP_SIZE 2048)");
        }
        try (Allocator root = Allocator.root(64 << 20)) {
            List<List<Object>> rows = ParquetFiles.rows(Files.readAllBytes(file), null, 1000, 1 << 20, root);
            assertThat(rows).hasSize(5000);
            for (int i = 0; i < 5000; i++) {
                long id = i;
                assertThat(rows.get(i))
                        .isEqualTo(
                                Arrays.asList(
                                        id,
                                        i % 3 == 0 ? null : Arrays.asList(i, Arrays.asList("a" + i, null)),
                                        i % 4 == 0
                                                ? List.of()
                                                : Arrays.asList(Arrays.asList(id, null), null, List.of()),
                                        Map.of("k" + i, id)));
            }
        }
    }

    @Test
    void duckDbReadsWhatIsWritten() throws Exception {
        Schema schema =
                Schema.of(
                        "r",
                        DataType.row(
                                List.of(
                                        new Field("x", DataType.INT),
                                        new Field("l", DataType.array(DataType.VARCHAR)))));
        List<List<Object>> rows = new ArrayList<>();
        rows.add(Arrays.asList((Object) null));
        rows.add(List.of(Arrays.asList(1, null)));
        rows.add(List.of(Arrays.asList(null, List.of())));
        rows.add(List.of(List.of(2, Arrays.asList("a", null))));
        Path file = dir.resolve("ours.parquet");
        try (Allocator root = Allocator.root(64 << 20)) {
            Files.write(file, ParquetWriterTest.write(rows, schema, ParquetWriteOptions.DEFAULT, root));
        }
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet found =
                        duck.createStatement()
                                .executeQuery(
                                        "SELECT string_agg(coalesce(r::VARCHAR, 'null'), ' ') FROM '" + file + "'")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getString(1))
                    .isEqualTo("null {'x': 1, 'l': NULL} {'x': NULL, 'l': []} {'x': 2, 'l': [a, NULL]}");
        }
    }

    @Test
    void readsSomeFieldsOfARowByName() {
        Schema schema =
                Schema.of("r", DataType.row(List.of(new Field("x", DataType.INT), new Field("y", DataType.VARCHAR))));
        List<List<Object>> rows = List.of(List.of(List.of(1, "one")), List.of(List.of(2, "two")));
        try (Allocator root = Allocator.root(64 << 20)) {
            byte[] file = ParquetWriterTest.write(rows, schema, ParquetWriteOptions.DEFAULT, root);
            Schema some = Schema.of("r", DataType.row(List.of(new Field("y", DataType.VARCHAR))));
            assertThat(ParquetFiles.rows(file, some, 10, 1 << 20, root))
                    .isEqualTo(List.of(List.of(List.of("one")), List.of(List.of("two"))));
            Schema other = Schema.of("r", DataType.row(List.of(new Field("z", DataType.VARCHAR))));
            assertThatThrownBy(() -> ParquetFiles.rows(file, other, 10, 1 << 20, root))
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("has no field z");
        }
    }

    @Test
    void damagedLevelsNeverCrash() {
        long seed = Long.getLong("millrace.test.seed", 5);
        SplittableRandom random = new SplittableRandom(seed);
        Schema schema =
                Schema.of(
                        "a",
                        DataType.array(
                                DataType.row(
                                        List.of(
                                                new Field("x", DataType.BIGINT),
                                                new Field("l", DataType.array(DataType.VARCHAR))))));
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(Arrays.asList(value(random, schema.type(0))));
        }
        try (Allocator root = Allocator.root(96 << 20)) {
            byte[] file =
                    ParquetWriterTest.write(
                            rows,
                            schema,
                            ParquetWriteOptions.DEFAULT.withCodec(Codec.UNCOMPRESSED).withVersion2(true),
                            root);
            for (int i = 0; i < 3000; i++) {
                byte[] damaged = file.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                try {
                    ParquetFiles.rows(damaged, null, 64, 1 << 20, root);
                } catch (MillraceException expected) {
                    assertThat(expected.code().kind()).as("seed=%d", seed).isNotEqualTo(ErrorCode.Kind.INTERNAL);
                }
                assertThat(root.heldBytes()).isZero();
            }
        }
    }
}
