package io.millrace.state.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Whatever a step fails of, and whatever comes of explaining that, the task hears of it, and the queue goes on. */
final class TierQueueTest {
    @Test
    void aFailureThatCannotBeExplainedIsTheTasksAllTheSame() {
        TierQueue queue =
                new TierQueue(
                        Runnable::run,
                        failure -> {
                            throw new IllegalStateException("the store is away");
                        });
        queue.submit(() -> {
            throw new MillraceException(ErrorCode.CORRUPT_DATA, "a run");
        });
        assertThatThrownBy(queue::check)
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        failure -> {
                            assertThat(failure.code()).isEqualTo(ErrorCode.CORRUPT_DATA);
                            assertThat(failure.getSuppressed()).hasSize(1);
                        });
        List<String> done = new ArrayList<>();
        queue.submit(() -> done.add("next"));
        assertThat(done).containsExactly("next");
    }

    @Test
    void aSpentHeapIsTheTasksFailure() {
        TierQueue queue =
                new TierQueue(
                        Runnable::run,
                        failure -> {
                            throw new OutOfMemoryError("no more");
                        });
        queue.submit(() -> {
            throw new OutOfMemoryError("no more");
        });
        assertThatThrownBy(queue::check).isInstanceOf(MillraceException.class);
    }

    @Test
    void aPageThatCannotBeReadIsAFailureOfTheDisk() {
        TierQueue queue = new TierQueue(Runnable::run, failure -> failure);
        queue.submit(() -> {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        });
        assertThatThrownBy(queue::check)
                .isInstanceOfSatisfying(
                        MillraceException.class, failure -> assertThat(failure.code()).isEqualTo(ErrorCode.IO_FAILED));
    }

    @Test
    void goesOnWhenThreadsAreThereAgain() {
        List<String> done = new ArrayList<>();
        boolean[] refuses = {true};
        TierQueue queue =
                new TierQueue(
                        step -> {
                            if (refuses[0]) {
                                throw new RejectedExecutionException("no thread");
                            }
                            step.run();
                        },
                        failure -> failure);
        assertThatThrownBy(() -> queue.submit(() -> done.add("first"))).isInstanceOf(RejectedExecutionException.class);
        refuses[0] = false;
        queue.submit(() -> done.add("second"));
        assertThat(done).containsExactly("first", "second");
    }
}
