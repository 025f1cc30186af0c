package io.millrace.connectors.filesystem;

import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.formats.parquet.writer.ParquetWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.types.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes rows of objects to Parquet files. */
final class ParquetFiles {
    private ParquetFiles() {}

    static void write(Path file, Schema schema, long rowGroupRows, List<List<Object>> rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Allocator root = Allocator.root(256 << 20);
                BatchBuilder builder = new BatchBuilder(root, schema, 1024);
                ParquetWriter writer =
                        new ParquetWriter(
                                schema,
                                ParquetWriteOptions.DEFAULT.withRowGroupRows(rowGroupRows).withPages(4_000, 500),
                                out,
                                root)) {
            for (List<Object> row : rows) {
                builder.append(row.toArray());
            }
            try (Batch batch = builder.build()) {
                writer.write(batch);
            }
            writer.finish(Map.of());
        }
        try {
            Files.write(file, out.toByteArray());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
