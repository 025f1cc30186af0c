package io.millrace.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    private static final long SEED = Long.getLong("millrace.test.seed", 20260422);
    private static final int BYTES = 200;

    private static List<PlainText> implementations() {
        List<PlainText> all = new ArrayList<>(List.of(new ScalarPlainText()));
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            all.add(new VectorPlainText());
        }
        return all;
    }

    /** One byte after the other. */
    private static long expected(long from, long end) {
        boolean ascii = true;
        for (long p = from; p < end; p++) {
            int b = Mem.getByte(p) & 0xff;
            if (b == '"' || b == '\\' || b < ' ') {
                return ascii ? p - from : ~(p - from);
            }
            ascii &= b < 0x80;
        }
        return Long.MAX_VALUE;
    }

    @Test
    void findsWhatALoopOverBytesFinds() {
        SplittableRandom random = new SplittableRandom(SEED);
        try (Allocator root = Allocator.root(1 << 20)) {
            Buffer text = root.allocate(MemoryTag.READ, BYTES + PlainText.READ_AHEAD_BYTES);
            try {
                for (int round = 0; round < 50_000; round++) {
                    check(text.address(), random);
                }
            } finally {
                text.release();
            }
        }
    }

    private static void check(long address, SplittableRandom random) {
        int rare = 1 + random.nextInt(200);
        int limit = random.nextBoolean() ? 0x80 : 0x100;
        for (int i = 0; i < BYTES + PlainText.READ_AHEAD_BYTES; i++) {
            int plain = 'a' + random.nextInt(limit - 'a');
            int any = random.nextInt(limit);
            Mem.putByte(address + i, (byte) (random.nextInt(rare) == 0 ? any : plain));
        }
        long from = address + random.nextInt(BYTES);
        long end = from + random.nextInt((int) (address + BYTES - from + 1));
        long expected = expected(from, end);
        for (PlainText text : implementations()) {
            long found = text.length(from, end);
            String what = text.getClass().getSimpleName() + " seed=" + SEED;
            if (expected == Long.MAX_VALUE) {
                assertThat(from + (found < 0 ? ~found : found)).as(what).isGreaterThanOrEqualTo(end);
            } else {
                assertThat(found).as(what).isEqualTo(expected);
            }
        }
    }
}
