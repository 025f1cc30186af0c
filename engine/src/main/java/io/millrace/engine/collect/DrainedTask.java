package io.millrace.engine.collect;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;

/** Done when the reader has given every batch back. */
record DrainedTask(ResultQueue queue) implements IoTask<Prepared> {
    @Override
    public boolean isDone() {
        return queue.isDrained();
    }

    @Override
    public Prepared result() {
        return Prepared.NOTHING;
    }

    @Override
    public void cancel() {}
}
