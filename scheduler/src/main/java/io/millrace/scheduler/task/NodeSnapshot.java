package io.millrace.scheduler.task;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.state.checkpoint.StateEntry;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A node's part in a checkpoint, until it is written.
 *
 * @param barrier null at the end of the input
 * @param prepared null of a node that has no sink
 */
record NodeSnapshot(EpochMarker barrier, CompletableFuture<List<StateEntry>> states, IoTask<Prepared> prepared) {
    boolean isDone() {
        return states.isDone() && (prepared == null || prepared.isDone());
    }

    Prepared result() {
        return prepared == null ? null : prepared.result();
    }
}
