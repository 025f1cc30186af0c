package io.millrace.engine.collect;

import io.millrace.connectors.api.IoTask;

/** Done when the reader has given every batch back. */
record DrainedTask(ResultQueue queue) implements IoTask<byte[]> {
    @Override
    public boolean isDone() {
        return queue.isDrained();
    }

    @Override
    public byte[] result() {
        return new byte[0];
    }

    @Override
    public void cancel() {}
}
