package io.millrace.operators.scan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SplitTimesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long DELAY_MICROS = 10;

    private final ReaderTimes readers = new ReaderTimes(2);
    private final SplitTimes busy = new SplitTimes(DELAY_MICROS, SECOND, readers, 0);
    private final SplitTimes silent = new SplitTimes(DELAY_MICROS, SECOND, readers, 1);

    private static void open(SplitTimes times, int split) {
        times.open(split, Long.MIN_VALUE);
        times.declared(split);
    }

    @Test
    void aReaderWithNothingToReadFollowsTheOthersOfItsRun() {
        open(busy, 0);
        open(silent, 1);
        busy.delivered(0, 100);
        silent.nothingToRead(1, 0);
        assertThat(busy.watermark(0)).isEqualTo(90);
        assertThat(silent.watermark(0)).isEqualTo(Long.MIN_VALUE);
        silent.nothingToRead(1, SECOND);
        assertThat(silent.watermark(SECOND)).isEqualTo(90);
        busy.delivered(0, 200);
        assertThat(busy.watermark(SECOND)).isEqualTo(190);
        assertThat(silent.watermark(SECOND)).isEqualTo(190);
    }

    @Test
    void aReaderThatWakesUpHoldsTheIdleOnesBackAgain() {
        SplitTimes third = new SplitTimes(DELAY_MICROS, SECOND, new ReaderTimes(1), 0);
        open(third, 0);
        third.nothingToRead(0, 0);
        third.nothingToRead(0, SECOND);
        assertThat(third.watermark(SECOND)).isEqualTo(Long.MIN_VALUE);
        open(busy, 0);
        open(silent, 1);
        busy.delivered(0, 100);
        busy.watermark(0);
        silent.nothingToRead(1, 0);
        silent.nothingToRead(1, SECOND);
        assertThat(silent.watermark(SECOND)).isEqualTo(90);
        silent.delivered(1, 120);
        assertThat(silent.watermark(SECOND)).isEqualTo(110);
        busy.nothingToRead(0, SECOND);
        busy.nothingToRead(0, 2 * SECOND);
        assertThat(busy.watermark(2 * SECOND)).isEqualTo(110);
    }

    @Test
    void aReaderThatHasNotBegunHoldsTheIdleOnesBack() {
        open(silent, 1);
        silent.nothingToRead(1, 0);
        silent.nothingToRead(1, SECOND);
        assertThat(silent.watermark(SECOND)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aReaderThatHasEndedHoldsNothingBack() {
        ReaderTimes three = new ReaderTimes(3);
        SplitTimes ended = new SplitTimes(DELAY_MICROS, SECOND, three, 0);
        SplitTimes goes = new SplitTimes(DELAY_MICROS, SECOND, three, 1);
        SplitTimes idle = new SplitTimes(DELAY_MICROS, SECOND, three, 2);
        open(goes, 1);
        open(idle, 2);
        goes.delivered(1, 100);
        goes.watermark(0);
        idle.nothingToRead(2, 0);
        idle.nothingToRead(2, SECOND);
        assertThat(idle.watermark(SECOND)).isEqualTo(Long.MIN_VALUE);
        ended.end();
        assertThat(idle.watermark(SECOND)).isEqualTo(90);
    }

    @Test
    void aSplitIsNotIdleWhileSomethingOfItWaits() {
        open(busy, 0);
        open(busy, 1);
        busy.delivered(0, 100);
        busy.delivered(1, 50);
        busy.nothingToRead(1, 0);
        busy.nothingToRead(1, SECOND);
        assertThat(busy.watermark(SECOND)).isEqualTo(90);
        busy.somethingToRead(1);
        busy.delivered(0, 500);
        assertThat(busy.watermark(2 * SECOND)).isEqualTo(90);
        busy.delivered(1, 60);
        busy.delivered(1, 490);
        assertThat(busy.watermark(2 * SECOND)).isEqualTo(480);
    }

    @Test
    void aSplitOfWhichNothingIsHeardIsNotIdle() {
        open(busy, 0);
        open(busy, 1);
        busy.delivered(0, 100);
        busy.nothingToRead(1, 0);
        assertThat(busy.watermark(10 * SECOND)).isEqualTo(Long.MIN_VALUE);
        busy.nothingToRead(1, 10 * SECOND);
        assertThat(busy.watermark(10 * SECOND)).isEqualTo(Long.MIN_VALUE);
        busy.nothingToRead(1, 11 * SECOND);
        assertThat(busy.watermark(11 * SECOND)).isEqualTo(90);
        busy.delivered(0, 200);
        long later = 11 * SECOND + SplitTimes.WORD_HOLDS_NANOS + 1;
        assertThat(busy.watermark(later)).isEqualTo(90);
    }

    @Test
    void withoutATimeoutNothingIsIdle() {
        SplitTimes patient = new SplitTimes(DELAY_MICROS, 0, new ReaderTimes(1), 0);
        open(patient, 0);
        open(patient, 1);
        patient.delivered(0, 100);
        patient.nothingToRead(1, 0);
        patient.nothingToRead(1, SECOND);
        assertThat(patient.watermark(100 * SECOND)).isEqualTo(Long.MIN_VALUE);
    }
}
