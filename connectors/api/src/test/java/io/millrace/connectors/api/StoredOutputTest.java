package io.millrace.connectors.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import org.junit.jupiter.api.Test;

class StoredOutputTest {
    private static final long MILLI = 1_000_000;

    @Test
    void asksForACheckpointHoldsBackAndLetsABatchThroughNowAndThen() {
        StoredOutput output = new StoredOutput("table t", 1_000);
        output.stored(599);
        assertThat(output.wantsCheckpoint()).isFalse();
        output.stored(1);
        assertThat(output.wantsCheckpoint()).isTrue();
        assertThat(output.holdsBack(0, 0)).isFalse();
        output.stored(400);
        assertThat(output.holdsBack(5 * MILLI, 0)).isTrue();
        assertThat(output.holdsBack(20 * MILLI, 0)).isFalse();
        output.committed(1_000);
        assertThat(output.wantsCheckpoint()).isFalse();
        assertThat(output.holdsBack(0, 0)).isFalse();
    }

    @Test
    void failsWhenCheckpointsDoNotComeAndOutputGrowsOn() {
        StoredOutput output = new StoredOutput("table t", 1_000);
        output.stored(4_000);
        assertThatThrownBy(() -> output.holdsBack(0, 0))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                .hasMessageContaining("bytes=4000");
    }
}
