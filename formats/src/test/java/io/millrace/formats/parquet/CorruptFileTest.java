package io.millrace.formats.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged files end in an error of ours, within the memory budget, and leave nothing behind. */
class CorruptFileTest {
    private static final Set<ErrorCode> ALLOWED =
            EnumSet.of(
                    ErrorCode.CORRUPT_DATA,
                    ErrorCode.UNSUPPORTED,
                    ErrorCode.OUT_OF_MEMORY,
                    ErrorCode.SQL_INVALID,
                    ErrorCode.CONTRACT_BROKEN);
    private static final long BUDGET_BYTES = 96L << 20;

    @TempDir Path dir;

    static Stream<FlatFile> files() {
        List<FlatFile> files = new ArrayList<>();
        long seed = 100;
        for (CompressionCodecName codec :
                new CompressionCodecName[] {
                    CompressionCodecName.UNCOMPRESSED,
                    CompressionCodecName.SNAPPY,
                    CompressionCodecName.ZSTD,
                    CompressionCodecName.GZIP,
                    CompressionCodecName.LZ4_RAW
                }) {
            for (WriterVersion version : WriterVersion.values()) {
                files.add(new FlatFile(seed++, codec, version, seed % 2 == 0, false, 20, 300));
            }
        }
        files.add(
                new FlatFile(seed, CompressionCodecName.UNCOMPRESSED, WriterVersion.PARQUET_1_0, false, true, 0, 300));
        return files.stream();
    }

    /** Reads it; true when that went well, and fails when it ended in anything but an error of ours. */
    private static boolean survives(byte[] file, String what) {
        try (Allocator root = Allocator.root(BUDGET_BYTES)) {
            try {
                ParquetFiles.read(
                        file,
                        null,
                        1000,
                        1 << 20,
                        root,
                        batch -> {
                            for (int i = 0; i < batch.columnCount(); i++) {
                                for (int row = 0; row < batch.rowCount(); row++) {
                                    if (batch.column(i).type().kind().isBytes() && !batch.column(i).isNull(row)) {
                                        byte[] ignored = batch.column(i).getBytes(row);
                                    }
                                }
                            }
                        });
                return true;
            } catch (MillraceException refused) {
                assertThat(refused.code()).as("%s: %s", what, refused).isIn(ALLOWED);
                return false;
            } catch (RuntimeException | Error other) {
                throw new AssertionError(what, other);
            } finally {
                assertThat(root.heldBytes()).as(what).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aFileCutAnywhereIsRefused(FlatFile file) throws Exception {
        byte[] bytes = file.write(dir);
        for (int length = 0; length < bytes.length; length += 64) {
            assertThat(survives(Arrays.copyOf(bytes, length), "cut to " + length)).isFalse();
        }
    }

    /** Bytes of pages and footer, changed; without page checksums, which would hide the decoders. */
    @ParameterizedTest
    @MethodSource("files")
    void flippedBitsNeverCrash(FlatFile file) throws Exception {
        byte[] bytes = file.write(dir, false);
        long seed = Long.getLong("millrace.test.seed", 77);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 400; i++) {
            byte[] damaged = bytes.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            survives(damaged, "seed=" + seed + " round=" + i + " of " + file);
        }
        // Large and negative numbers where lengths stand.
        for (int i = 0; i < 200; i++) {
            ByteBuffer damaged = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
            int[] lengths = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 24, 0x7f7f7f7f};
            damaged.putInt(random.nextInt(bytes.length - 4), lengths[random.nextInt(lengths.length)]);
            survives(damaged.array(), "seed=" + seed + " length round=" + i + " of " + file);
        }
    }
}
