package io.millrace.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemorySplitTest {
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @ValueSource(longs = {512, 513, 600, 1_000, 2_048, 8_192, 32_768, 40_000, 262_144, 4_000_000})
    void dividesAllOfTheMemoryAndNoMore(long mebibytes) {
        MemorySplit split = MemorySplit.of(mebibytes * MIB);
        assertThat(
                        split.heapBytes()
                                + split.directBytes()
                                + split.jvmBytes()
                                + split.slackBytes()
                                + split.budgetBytes())
                .isEqualTo(split.memoryBytes())
                .isEqualTo(mebibytes * MIB);
        assertThat(split.budgetBytes()).isGreaterThan(mebibytes * MIB / 3);
        assertThat(split.heapBytes()).isBetween(128 * MIB, 8_192 * MIB);
    }

    @Test
    void givesOfASmallProcessAThirdToRowsAndOfALargeOneNearlyAll() {
        assertThat(MemorySplit.of(512 * MIB))
                .isEqualTo(new MemorySplit(512 * MIB, 128 * MIB, 32 * MIB, 144 * MIB, 32 * MIB, 176 * MIB));
        assertThat(MemorySplit.of(2_048 * MIB))
                .isEqualTo(new MemorySplit(2_048 * MIB, 512 * MIB, 128 * MIB, 144 * MIB, 128 * MIB, 1_136 * MIB));
        assertThat(MemorySplit.of(262_144 * MIB).budgetBytes()).isGreaterThan(250_000 * MIB);
    }

    @Test
    void leavesRowsWhatASmallerHeapDoesNotNeed() {
        assertThat(MemorySplit.of(512 * MIB, 100 * MIB).budgetBytes()).isEqualTo(204 * MIB);
    }

    @Test
    void leavesRowsAQuarterBesideAHeapThatIsNoneOfOurs() {
        assertThat(MemorySplit.of(1_024 * MIB, 64_000 * MIB).budgetBytes()).isEqualTo(256 * MIB);
    }

    @Test
    void refusesWhatIsTooLittle() {
        for (long bytes : new long[] {0, -1, MIB, 512 * MIB - 1}) {
            assertThatThrownBy(() -> MemorySplit.of(bytes))
                    .hasMessage("memory: expected at least 512m, found " + bytes + " bytes")
                    .isInstanceOfSatisfying(
                            MillraceException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_OPTION));
        }
    }
}
