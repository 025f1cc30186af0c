package io.millrace.memory.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CopyShortTest {
    @Test
    void copiesTheRangeAndNoByteMore() {
        try (Allocator root = Allocator.root(1 << 20)) {
            Buffer from = root.allocate(MemoryTag.BATCH, 256);
            Buffer to = root.allocate(MemoryTag.BATCH, 256);
            for (int i = 0; i < 256; i++) {
                Mem.putByte(from.address() + i, (byte) (i + 1));
            }
            for (int length = 0; length <= 100; length++) {
                for (int offset = 0; offset < 9; offset++) {
                    Mem.fill(to.address(), 256, (byte) 0);
                    Mem.copyShort(from.address() + offset, to.address() + 16, length);
                    byte[] found = new byte[128];
                    Mem.copyOut(to.address(), found, 0, 128);
                    byte[] expected = new byte[128];
                    for (int i = 0; i < length; i++) {
                        expected[16 + i] = (byte) (offset + i + 1);
                    }
                    assertThat(found).describedAs("length %d: %s", length, Arrays.toString(found)).isEqualTo(expected);
                }
            }
            from.release();
            to.release();
        }
    }
}
