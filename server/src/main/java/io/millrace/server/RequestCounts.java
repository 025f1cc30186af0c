package io.millrace.server;

import java.util.concurrent.atomic.LongAdder;

/** How many requests there were. Thread-safe. */
final class RequestCounts {
    private final LongAdder answered = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void count(int status) {
        if (status >= 500) {
            failed.increment();
        } else if (status >= 400) {
            refused.increment();
        } else {
            answered.increment();
        }
    }

    long answered() {
        return answered.sum();
    }

    /** For what the client did wrong. */
    long refused() {
        return refused.sum();
    }

    long failed() {
        return failed.sum();
    }
}
