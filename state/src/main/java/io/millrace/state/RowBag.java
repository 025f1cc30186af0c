package io.millrace.state;

import io.millrace.memory.batch.Batch;
import java.util.List;

/**
 * Batches that an operator keeps. Immutable ones, so that a snapshot shares them and later checkpoints write only what
 * was added. One thread; closing frees them.
 */
public interface RowBag extends AutoCloseable {
    /** Takes a batch. */
    void add(Batch batch);

    /** What it holds, in the order added; a view that changes with it. */
    List<Batch> batches();

    /** Takes the first batches out, so many, which are then the caller's. */
    List<Batch> take(int count);

    /** Takes all out, and these in. */
    void replace(List<Batch> batches);

    @Override
    void close();
}
