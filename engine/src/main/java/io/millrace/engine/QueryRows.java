package io.millrace.engine;

import io.millrace.engine.collect.CollectSink;
import io.millrace.engine.job.EngineJob;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.scheduler.job.JobState;

/** Rows of a running query. */
final class QueryRows implements RowStream {
    private final EngineJob job;
    private final CollectSink sink;
    private Batch current;
    private boolean over;

    QueryRows(EngineJob job, CollectSink sink) {
        this.job = job;
        this.sink = sink;
    }

    @Override
    public Batch next() throws InterruptedException {
        giveBack();
        if (over) {
            return null;
        }
        current = sink.take(this::jobIsOver);
        if (current == null) {
            over = true;
            if (job.await() == JobState.CANCELLED) {
                throw new MillraceException(ErrorCode.CANCELLED, "the query was cancelled");
            }
        }
        return current;
    }

    private boolean jobIsOver() {
        return job.state().isTerminal();
    }

    private void giveBack() {
        if (current != null) {
            sink.giveBack(current);
            current = null;
        }
    }

    @Override
    public void cancel() {
        job.cancel();
    }

    @Override
    public void close() {
        giveBack();
        if (!over) {
            over = true;
            sink.abandon();
            job.cancel();
            JobWait.untilOver(job);
        }
    }
}
