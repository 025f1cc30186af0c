package io.millrace.scheduler.checkpoint;

import io.millrace.connectors.api.Prepared;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.state.checkpoint.StateEntry;
import java.util.List;

/** Told by tasks what came of their barriers. Thread-safe, never blocks. */
public interface TaskSnapshots {
    /** A node's task did nothing else for so long at a barrier: marked its state and had its sink seal. */
    void paused(long nanos);

    /** A node's task has written its state as of a barrier. */
    void taken(int node, int task, EpochMarker barrier, List<StateEntry> states, Prepared prepared);

    /** A node's task could not write its state as of a barrier. */
    void failed(int node, int task, EpochMarker barrier, Throwable failure);

    /** A node's task has emitted all it ever will. */
    void ended(int node, int task, List<StateEntry> states, Prepared prepared);

    /** A node's task has sealed so much that it would rather have a checkpoint soon. */
    void wanted();
}
