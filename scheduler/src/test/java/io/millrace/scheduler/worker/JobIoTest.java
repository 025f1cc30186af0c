package io.millrace.scheduler.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JobIoTest {
    private static final long MILLISECOND_NANOS = 1_000_000;

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitForeverForACallThatIgnoresItsInterruption() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Clock clock = Clock.system();
        try (IoPool pool = new IoPool(2, clock)) {
            JobIo io = new JobIo(pool, clock, MILLISECOND_NANOS, 20 * MILLISECOND_NANOS);
            Worker unstarted = new Worker(0, clock, MILLISECOND_NANOS);
            io.of(unstarted)
                    .submit(
                            "read what never comes",
                            () -> {
                                begun.countDown();
                                ignoreInterruptsUntil(released);
                                over.countDown();
                                return null;
                            });
            begun.await();
            assertThatThrownBy(io::await)
                    .isInstanceOf(MillraceException.class)
                    .hasMessageContaining("read what never comes")
                    .hasMessageContaining("20 ms");
            released.countDown();
            assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
            io.await();
        }
    }

    private static void ignoreInterruptsUntil(CountDownLatch released) {
        boolean waiting = true;
        while (waiting) {
            try {
                released.await();
                waiting = false;
            } catch (InterruptedException ignored) {
                // As a native call does.
            }
        }
    }
}
