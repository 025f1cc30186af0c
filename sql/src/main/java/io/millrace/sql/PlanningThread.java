package io.millrace.sql;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.function.Supplier;

/**
 * Runs planning with a deep stack: parser, validator and rules recurse as deep as a query nests. The caller waits; the
 * stack is reserved, not used, until a query needs it.
 */
final class PlanningThread {
    private static final long STACK_BYTES = 256L << 20;

    private PlanningThread() {}

    /** The result of the call, or what it threw. */
    static <T> T call(Supplier<T> planning) {
        if (Thread.currentThread() instanceof Deep) {
            return planning.get();
        }
        Run<T> run = new Run<>(planning);
        Deep thread = new Deep(run);
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return run.result();
    }

    private static final class Deep extends Thread {
        Deep(Runnable run) {
            super(null, run, "millrace-planner", STACK_BYTES);
            setDaemon(true);
        }
    }

    private static final class Run<T> implements Runnable {
        private final Supplier<T> planning;
        private T result;
        private RuntimeException failure;

        Run(Supplier<T> planning) {
            this.planning = planning;
        }

        @Override
        public void run() {
            try {
                result = planning.get();
            } catch (RuntimeException e) {
                failure = e;
            } catch (StackOverflowError e) {
                failure =
                        new MillraceException(ErrorCode.UNSUPPORTED, "the statement is nested too deeply")
                                .withHelp("Split it with views or WITH.");
            } catch (Throwable e) {
                failure = MillraceException.wrap(e);
            }
        }

        T result() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }
}
