package io.millrace.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.job.JobStatus;
import io.millrace.engine.job.SourceStatus;
import io.millrace.scheduler.job.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static JobStatus status(long runMillis, SourceStatus... sources) {
        return new JobStatus(1, "j", JobState.RUNNING, runMillis, 0, List.of(sources), List.of(), null, null);
    }

    private static SourceStatus source(long rows, long total, long etaMillis) {
        return new SourceStatus("t", total >= 0, rows, total, 0, -1, Long.MIN_VALUE, etaMillis, false, null);
    }

    @Test
    void showsTheShareThatWasReadAndWhatIsLeft() {
        assertThat(ProgressBar.text(status(2_000, source(5_000_000, 20_000_000, 6_000))))
                .isEqualTo("[######                  ] 25 %  5.0 M rows  2.5 M rows/s  7 s left");
    }

    @Test
    void showsOnlyRowsWhenTheEndIsUnknown() {
        assertThat(ProgressBar.text(status(1_000, source(500, 1_000, 1_000), source(12_000, -1, -1))))
                .isEqualTo("13 k rows  13 k rows/s");
        assertThat(ProgressBar.text(status(0))).isEqualTo("0 rows");
    }
}
