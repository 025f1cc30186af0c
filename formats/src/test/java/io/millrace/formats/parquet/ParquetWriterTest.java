package io.millrace.formats.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParquetWriterTest {
    @TempDir Path dir;

    static Stream<ParquetWriteOptions> options() {
        ParquetWriteOptions small = ParquetWriteOptions.DEFAULT.withPages(8_000, 700).withRowGroupRows(1_900);
        List<ParquetWriteOptions> all = new ArrayList<>();
        for (Codec codec : new Codec[] {Codec.UNCOMPRESSED, Codec.SNAPPY, Codec.GZIP, Codec.ZSTD, Codec.LZ4_RAW}) {
            all.add(small.withCodec(codec));
        }
        all.add(small.withVersion2(true));
        all.add(small.withVersion2(true).withDictionary(false));
        all.add(small.withDictionary(false).withRowGroupBytes(50_000));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("options")
    void readsBackWhatItWrote(ParquetWriteOptions options) throws Exception {
        for (int nullPercent : new int[] {0, 20}) {
            FlatFile rows =
                    new FlatFile(
                            7,
                            CompressionCodecName.UNCOMPRESSED,
                            WriterVersion.PARQUET_1_0,
                            true,
                            false,
                            nullPercent,
                            3_000);
            try (Allocator root = Allocator.root(128 << 20)) {
                Schema schema = ParquetFiles.footer(rows.write(dir), root).schema();
                byte[] written = write(rows.rows(), schema, options, root);
                assertThat(FlatFile.comparable(ParquetFiles.rows(written, schema, 4096, 1 << 20, root)))
                        .isEqualTo(FlatFile.comparable(rows.rows()));
            }
        }
    }

    static byte[] write(List<List<Object>> rows, Schema schema, ParquetWriteOptions options, Allocator root) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BatchBuilder builder = new BatchBuilder(root, schema, 1000);
                ParquetWriter writer = new ParquetWriter(schema, options, out, root)) {
            for (int i = 0; i < rows.size(); i++) {
                builder.append(rows.get(i).toArray());
                if (i % 1000 == 999 || i == rows.size() - 1) {
                    try (Batch batch = builder.build()) {
                        writer.write(batch);
                    }
                }
            }
            writer.finish(Map.of("who", "a test"));
        }
        return out.toByteArray();
    }

    @Test
    void writesOnlyTheRowsThatCountAndDuckDbReadsThem() throws Exception {
        Schema schema = Schema.of("id", DataType.BIGINT.notNull(), "name", DataType.VARCHAR);
        Path file = dir.resolve("selected.parquet");
        try (Allocator root = Allocator.root(16 << 20);
                BatchBuilder builder = new BatchBuilder(root, schema, 100)) {
            for (long i = 0; i < 100; i++) {
                builder.append(i, i % 3 == 0 ? null : "name " + i);
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (Batch batch = builder.build();
                    ParquetWriter writer = new ParquetWriter(schema, ParquetWriteOptions.DEFAULT, out, root)) {
                batch.select(Selection.of(root, 1, 3, 99));
                writer.write(batch);
                writer.finish(Map.of());
                assertThat(writer.rowCount()).isEqualTo(3);
            }
            Files.write(file, out.toByteArray());
        }
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet found =
                        duck.createStatement()
                                .executeQuery(
                                        "SELECT string_agg(id || '=' || coalesce(name, 'NULL'), ' ') FROM '"
                                                + file
                                                + "'")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getString(1)).isEqualTo("1=name 1 3=NULL 99=NULL");
        }
    }

    @Test
    void freesEverythingWhenItIsClosedHalfWay() {
        Schema schema = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);
        try (Allocator root = Allocator.root(16 << 20);
                BatchBuilder builder = new BatchBuilder(root, schema, 100);
                ParquetWriter writer =
                        new ParquetWriter(schema, ParquetWriteOptions.DEFAULT, new ByteArrayOutputStream(), root)) {
            builder.append(1L, "some text");
            try (Batch batch = builder.build()) {
                writer.write(batch);
            }
        }
    }
}
