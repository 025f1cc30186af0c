package io.millrace.scheduler.checkpoint;

import io.millrace.connectors.api.Prepared;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.state.checkpoint.StateEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the sinks of a job that takes no checkpoints sealed at its end. Thread-safe. */
public final class FinalCommit implements TaskSnapshots {
    private final Map<Integer, List<Prepared>> prepared = new TreeMap<>();

    @Override
    public void paused(long nanos) {}

    @Override
    public void taken(int node, int task, EpochMarker barrier, List<StateEntry> states, Prepared sealed) {}

    @Override
    public void failed(int node, int task, EpochMarker barrier, Throwable failure) {}

    @Override
    public synchronized void ended(int node, int task, List<StateEntry> states, Prepared sealed) {
        if (sealed != null) {
            prepared.computeIfAbsent(node, any -> new ArrayList<>()).add(sealed);
        }
    }

    @Override
    public void wanted() {}

    /** What the tasks of a node sealed. */
    public synchronized List<Prepared> of(int node) {
        return List.copyOf(prepared.getOrDefault(node, List.of()));
    }
}
