package io.millrace.formats.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.formats.parquet.footer.Codec;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.reader.ChunkBytes;
import io.millrace.formats.parquet.reader.ParquetProjection;
import io.millrace.formats.parquet.reader.RowFilter;
import io.millrace.formats.parquet.reader.RowGroupReader;
import io.millrace.formats.parquet.writer.ParquetWriteOptions;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that a filter rejects are not decoded, and nothing else changes by that. */
class FilteredReadTest {
    @TempDir Path dir;

    /** A filter of one column, and what it was asked. */
    private static final class Asked implements RowFilter {
        private final int column;
        private final Predicate<Object> condition;
        private final Allocator allocator;
        private long rowsAsked;

        Asked(int column, Predicate<Object> condition, Allocator allocator) {
            this.column = column;
            this.condition = condition;
            this.allocator = allocator;
        }

        @Override
        public int[] columns() {
            return new int[] {column};
        }

        @Override
        public void narrow(Batch batch) {
            Column values = batch.column(0);
            int[] kept = new int[batch.activeCount()];
            int count = 0;
            for (int i = 0; i < batch.activeCount(); i++) {
                int row = batch.row(i);
                rowsAsked++;
                if (condition.test(values.getObject(row))) {
                    kept[count++] = row;
                }
            }
            if (count < batch.activeCount()) {
                batch.select(Selection.of(allocator, Arrays.copyOf(kept, count)));
            }
        }
    }

    private static List<List<Object>> rows(byte[] file, int batchRows, List<RowFilter> filters, Allocator root) {
        List<List<Object>> rows = new ArrayList<>();
        ParquetFooter footer = ParquetFiles.footer(file, root);
        ParquetProjection projection = ParquetProjection.of(footer, footer.schema());
        for (RowGroup group : footer.rowGroups()) {
            List<ChunkBytes> chunks = new ArrayList<>();
            for (ColumnChunk chunk : projection.chunks(group)) {
                chunks.add(ParquetFiles.chunk(file, chunk, 10_000, root));
            }
            try (RowGroupReader reader = new RowGroupReader(projection, group, chunks, filters, root)) {
                while (!reader.isFinished()) {
                    assertThat(reader.ready(batchRows)).isTrue();
                    try (Batch batch = reader.read(batchRows)) {
                        rows.addAll(batch.toRows());
                    }
                }
            }
        }
        return rows;
    }

    private static Predicate<Object> condition(SplittableRandom random) {
        long salt = random.nextLong();
        int width = random.nextInt(3) == 0 ? 400 : 1;
        int oneIn = new int[] {1, 2, 3, 10, 50, 1_000_000}[random.nextInt(6)];
        boolean nullToo = random.nextBoolean();
        return value ->
                value == null
                        ? nullToo
                        : Math.floorMod(((Long) value / width + salt) * 0x9E3779B97F4A7C15L >> 20, oneIn) == 0;
    }

    /** The rows that are let through, and their values, are those of reading all and filtering afterwards. */
    @Test
    void givesWhatFilteringAfterwardsGives() throws Exception {
        long base = Long.getLong("millrace.test.seed", 300);
        for (long seed = base; seed < base + 24; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FlatFile file =
                    new FlatFile(
                            seed,
                            random.nextBoolean() ? CompressionCodecName.ZSTD : CompressionCodecName.UNCOMPRESSED,
                            random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0,
                            random.nextInt(3) > 0,
                            random.nextInt(4) == 0,
                            new int[] {0, 3, 60}[random.nextInt(3)],
                            6_000);
            byte[] bytes = file.write(dir);
            Predicate<Object> bySeq = condition(random);
            Predicate<Object> byI64 = condition(random);
            boolean two = random.nextBoolean();
            try (Allocator root = Allocator.root(256 << 20)) {
                List<String> names =
                        ParquetFiles.footer(bytes, root).schema().fields().stream().map(f -> f.name()).toList();
                int seq = names.indexOf("seq");
                int i64 = names.indexOf("i64");
                List<List<Object>> expected = new ArrayList<>();
                for (List<Object> row : ParquetFiles.rows(bytes, null, 1_000, 10_000, root)) {
                    if (bySeq.test(row.get(seq)) && (!two || byI64.test(row.get(i64)))) {
                        expected.add(row);
                    }
                }
                for (int batchRows : new int[] {1, 64, 1_000, 4_096}) {
                    List<RowFilter> filters = new ArrayList<>(List.of(new Asked(seq, bySeq, root)));
                    if (two) {
                        filters.add(new Asked(i64, byI64, root));
                    }
                    // A reader may stop asking: what it gives is at least what is wanted.
                    List<List<Object>> found = rows(bytes, batchRows, filters, root);
                    found.removeIf(row -> !bySeq.test(row.get(seq)) || two && !byI64.test(row.get(i64)));
                    assertThat(FlatFile.comparable(found))
                            .as("seed=%d batchRows=%d of %s", seed, batchRows, file)
                            .isEqualTo(FlatFile.comparable(expected));
                }
            }
        }
    }

    @Test
    void nestedColumnsAreSkippedAndSelectedToo() throws Exception {
        for (long seed = 1; seed < 12; seed++) {
            NestedFile file = new NestedFile(seed, WriterVersion.values()[(int) (seed % 2)]);
            byte[] bytes = file.write(dir, 900);
            Predicate<Object> condition = condition(new SplittableRandom(seed));
            List<List<Object>> expected = file.rows.stream().filter(row -> condition.test(row.getLast())).toList();
            try (Allocator root = Allocator.root(128 << 20)) {
                for (int batchRows : new int[] {1, 64, 4_096}) {
                    assertThat(rows(bytes, batchRows, List.of(new Asked(3, condition, root)), root))
                            .as("seed=%d", seed)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static final Schema SCHEMA =
            Schema.of("id", DataType.BIGINT.notNull(), "word", DataType.VARCHAR, "text", DataType.VARCHAR.notNull());

    private static byte[] write(int rows, int nullEach, Allocator root) {
        List<List<Object>> written = new ArrayList<>();
        for (long i = 0; i < rows; i++) {
            written.add(Arrays.asList(i, i % nullEach == nullEach - 1 ? null : "w" + i % 10, "text of row " + i));
        }
        ParquetWriteOptions options =
                ParquetWriteOptions.DEFAULT.withCodec(Codec.ZSTD).withPages(8_000, 1_000).withRowGroupRows(20_000);
        return ParquetWriterTest.write(written, SCHEMA, options, root);
    }

    /** Pages whose rows are all rejected are never decompressed: what is wrong inside of one goes unnoticed. */
    @Test
    void pagesWithoutAWantedRowAreNotDecompressed() {
        try (Allocator root = Allocator.root(64 << 20)) {
            byte[] file = write(20_000, 7, root);
            ParquetFooter footer = ParquetFiles.footer(file, root);
            ColumnChunk text = footer.rowGroups().getFirst().columns().get(2);
            byte[] damaged = file.clone();
            // ZSTD's magic number begins each compressed page: spoil all but that of the last one.
            int last = -1;
            for (int i = (int) text.offset(); i < text.offset() + text.lengthBytes() - 4; i++) {
                if (damaged[i] == 0x28 && damaged[i + 1] == (byte) 0xb5 && damaged[i + 2] == 0x2f) {
                    if (last >= 0) {
                        damaged[last] = 0;
                    }
                    last = i;
                }
            }
            RowFilter ofTheEnd = new Asked(0, id -> (Long) id > 19_990, root);
            assertThat(rows(damaged, 500, List.of(ofTheEnd), root))
                    .hasSize(9)
                    .allMatch(row -> row.get(2).equals("text of row " + row.getFirst()));
            assertThatThrownBy(() -> rows(damaged, 500, List.of(), root)).isInstanceOf(MillraceException.class);
        }
    }

    @Test
    void aRowGroupWhoseDictionaryHasNoMatchIsNotReadAndItsValuesAreAskedOnce() {
        try (Allocator root = Allocator.root(64 << 20)) {
            byte[] file = write(20_000, 7, root);
            assertThat(ParquetFiles.footer(file, root).rowGroups().getFirst().columns().get(1).allDictionary())
                    .isTrue();
            Asked none = new Asked(1, word -> "no such word".equals(word), root);
            assertThat(rows(file, 500, List.of(none), root)).isEmpty();
            assertThat(none.rowsAsked).as("ten words and NULL").isEqualTo(11);
            Asked one = new Asked(1, word -> "w3".equals(word), root);
            assertThat(rows(file, 500, List.of(one), root)).isNotEmpty().allMatch(row -> row.get(1).equals("w3"));
        }
    }

    @Test
    void whatHoldsForNullKeepsTheRowGroup() {
        try (Allocator root = Allocator.root(64 << 20)) {
            byte[] file = write(20_000, 7, root);
            Asked unknown = new Asked(1, word -> word == null, root);
            assertThat(rows(file, 500, List.of(unknown), root)).hasSize(20_000 / 7);
        }
    }
}
