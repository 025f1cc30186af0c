package io.millrace.engine;

import io.millrace.engine.job.EngineJob;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.scheduler.job.JobState;

/** No rows, but the end of a job to wait for. Closing it leaves the job alone. */
final class JobWait implements RowStream {
    private final EngineJob job;
    private boolean over;

    JobWait(EngineJob job) {
        this.job = job;
    }

    @Override
    public Batch next() throws InterruptedException {
        if (!over) {
            JobState state = job.await();
            over = true;
            if (state == JobState.CANCELLED) {
                throw new MillraceException(ErrorCode.CANCELLED, "job " + job.name() + " was cancelled");
            }
        }
        return null;
    }

    @Override
    public void cancel() {
        job.cancel();
    }

    @Override
    public void close() {}

    /** Waits for the end of a job that was told to stop, whatever it comes to. */
    static void untilOver(EngineJob job) {
        boolean interrupted = false;
        while (!job.state().isTerminal()) {
            try {
                job.await(Long.MAX_VALUE);
            } catch (InterruptedException again) {
                interrupted = true;
            } catch (MillraceException failure) {
                break; // Nobody waits for its answer any more.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
