package io.millrace.formats.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What parquet-hadoop writes is what is read: every codec, page version, encoding and type, with and without nulls. */
class FlatRoundTripTest {
    @TempDir Path dir;

    static Stream<FlatFile> files() {
        List<FlatFile> files = new ArrayList<>();
        CompressionCodecName[] codecs = {
            CompressionCodecName.UNCOMPRESSED,
            CompressionCodecName.SNAPPY,
            CompressionCodecName.GZIP,
            CompressionCodecName.ZSTD,
            CompressionCodecName.LZ4_RAW
        };
        long seed = Long.getLong("millrace.test.seed", 42);
        for (CompressionCodecName codec : codecs) {
            for (WriterVersion version : WriterVersion.values()) {
                for (boolean dictionary : new boolean[] {true, false}) {
                    for (int nullPercent : new int[] {0, 3, 60}) {
                        files.add(new FlatFile(seed++, codec, version, dictionary, false, nullPercent, 2_500));
                    }
                }
            }
        }
        files.add(new FlatFile(seed++, CompressionCodecName.ZSTD, WriterVersion.PARQUET_1_0, false, true, 0, 5_000));
        files.add(new FlatFile(seed++, CompressionCodecName.ZSTD, WriterVersion.PARQUET_2_0, false, true, 30, 5_000));
        files.add(new FlatFile(seed++, CompressionCodecName.SNAPPY, WriterVersion.PARQUET_1_0, true, false, 100, 500));
        files.add(new FlatFile(seed++, CompressionCodecName.SNAPPY, WriterVersion.PARQUET_2_0, true, false, 100, 500));
        files.add(new FlatFile(seed, CompressionCodecName.SNAPPY, WriterVersion.PARQUET_2_0, true, false, 0, 1));
        return files.stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void readsWhatWasWritten(FlatFile file) throws Exception {
        byte[] bytes = file.write(dir);
        List<List<Object>> written = FlatFile.comparable(file.rows());
        SplittableRandom random = new SplittableRandom(file.seed());
        try (Allocator root = Allocator.root(256 << 20)) {
            for (int batchRows : new int[] {1, 7, 1000, 4096, 100_000}) {
                int pieceBytes = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(20_000);
                List<List<Object>> found = ParquetFiles.rows(bytes, null, batchRows, pieceBytes, root);
                assertThat(FlatFile.comparable(found))
                        .as("batchRows=%d pieceBytes=%d of %s", batchRows, pieceBytes, file)
                        .isEqualTo(written);
            }
            assertThat(root.heldBytes()).isZero();
        }
    }

    @Test
    void readsNoColumnAtAll() throws Exception {
        FlatFile file = new FlatFile(1, CompressionCodecName.ZSTD, WriterVersion.PARQUET_1_0, true, false, 0, 5_000);
        byte[] bytes = file.write(dir);
        try (Allocator root = Allocator.root(64 << 20)) {
            List<List<Object>> found =
                    ParquetFiles.rows(bytes, io.millrace.memory.types.Schema.EMPTY, 1000, 1 << 20, root);
            assertThat(found).hasSize(5_000);
        }
    }
}
