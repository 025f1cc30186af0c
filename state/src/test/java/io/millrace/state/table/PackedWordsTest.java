package io.millrace.state.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PackedWordsTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 5);
    private static final int MOST_BYTES = 200;

    /** Random words of all lengths and signs, and random bytes behind the last. */
    private static void fill(long row, int bytes, Random random) {
        for (int i = 0; i < bytes; i++) {
            Mem.putByte(row + i, (byte) random.nextInt());
        }
        for (int i = 0; i + 8 <= bytes; i += 8) {
            long word = random.nextInt(4) == 0 ? 0 : random.nextLong() >>> random.nextInt(64);
            Mem.putLong(row + i, random.nextBoolean() ? word : -word);
        }
    }

    @Test
    void whatIsPackedIsUnpackedWhateverItsLength() {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        try (Allocator allocator = Allocator.root(1 << 20);
                StateOutput output = new StateOutput(allocator, 16)) {
            Buffer row = allocator.allocate(MemoryTag.STATE, MOST_BYTES);
            Buffer read = allocator.allocate(MemoryTag.STATE, MOST_BYTES);
            for (int run = 0; run < 20_000; run++) {
                int bytes = random.nextInt(MOST_BYTES);
                fill(row.address(), bytes, random);
                output.truncate(0);
                PackedWords.write(row.address(), bytes, output);
                StateInput input = new StateInput().wrap(output.address(), output.sizeBytes());
                assertThat(input.getVarint()).isEqualTo(bytes);
                int packed = (int) input.remainingBytes();
                PackedWords.read(input.skip(0), packed, read.address(), bytes);
                assertThat(Mem.sameBytes(row.address(), read.address(), bytes)).as("run=%d", run).isTrue();
            }
            row.release();
            read.release();
        }
    }

    @Test
    void countersTakeFewBytes() {
        try (Allocator allocator = Allocator.root(1 << 20);
                StateOutput output = new StateOutput(allocator, 16)) {
            Buffer row = allocator.allocateZeroed(MemoryTag.STATE, 64);
            Mem.putLong(row.address(), 3);
            Mem.putLong(row.address() + 8, -1000);
            PackedWords.write(row.address(), 64, output);
            assertThat(output.sizeBytes()).isEqualTo(1 + 4 + 1 + 2);
            row.release();
        }
    }

    @Test
    void bytesThatAreNoneOfItAreRefused() {
        System.out.println("-Dmillrace.test.seed=" + SEED);
        Random random = new Random(SEED);
        try (Allocator allocator = Allocator.root(1 << 20)) {
            Buffer bytes = allocator.allocate(MemoryTag.STATE, MOST_BYTES);
            Buffer row = allocator.allocate(MemoryTag.STATE, MOST_BYTES);
            int refused = 0;
            for (int run = 0; run < 2_000; run++) {
                int length = 8 + random.nextInt(MOST_BYTES - 8);
                for (int i = 0; i < MOST_BYTES; i++) {
                    Mem.putByte(bytes.address() + i, (byte) random.nextInt());
                }
                MillraceException refusal =
                        catchThrowableOfType(
                                MillraceException.class,
                                () -> PackedWords.read(bytes.address(), length, row.address(), length));
                if (refusal != null) {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
                    refused++;
                }
            }
            assertThat(refused).isGreaterThan(1_900);
            bytes.release();
            row.release();
        }
    }
}
