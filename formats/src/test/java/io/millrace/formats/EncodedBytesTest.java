package io.millrace.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.buffer.Allocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EncodedBytesTest {
    @Test
    void growsAndKeepsWhatWasWritten() {
        try (Allocator root = Allocator.root(1 << 20);
                EncodedBytes out = new EncodedBytes(root, 1)) {
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                out.putAscii("item " + i);
                out.putByte('\n');
                expected.append("item ").append(i).append('\n');
            }
            assertThat(new String(out.copy(), StandardCharsets.US_ASCII)).isEqualTo(expected.toString());
            assertThat(StandardCharsets.US_ASCII.decode(out.view()).toString()).isEqualTo(expected.toString());
        }
    }
}
