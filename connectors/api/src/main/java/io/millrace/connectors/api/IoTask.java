package io.millrace.connectors.api;

/** A call on an I/O thread, polled by the worker that submitted it. */
public interface IoTask<T> {
    boolean isDone();

    /**
     * The call's result, once {@link #isDone()}; INTERNAL before. A failed call throws its failure, as a {@link
     * io.millrace.memory.error.MillraceException}, at each call of this.
     */
    T result();

    /**
     * Asks the call to stop; its result, if it still comes, is nobody's, so calls that make memory must not be
     * cancelled.
     */
    void cancel();

    /** A task that was done before it began. */
    static <T> IoTask<T> completed(T result) {
        return new IoTask<>() {
            @Override
            public boolean isDone() {
                return true;
            }

            @Override
            public T result() {
                return result;
            }

            @Override
            public void cancel() {}
        };
    }
}
