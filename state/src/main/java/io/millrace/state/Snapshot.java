package io.millrace.state;

import io.millrace.state.checkpoint.StateEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One checkpoint of one task's state while it is copied and written. The worker adds to it until it is handed over with
 * the last section; from then on it belongs to I/O.
 */
final class Snapshot {
    final List<StateEntry> values;
    final List<SectionList> states = new ArrayList<>();

    /** Done when the runs that the states refer to are copied. */
    CompletableFuture<Void> runs = CompletableFuture.completedFuture(null);

    final CompletableFuture<List<StateEntry>> result = new CompletableFuture<>();

    Snapshot(List<StateEntry> values) {
        this.values = values;
    }

    List<StateEntry> entries() {
        List<StateEntry> entries = new ArrayList<>(values);
        for (SectionList state : states) {
            if (state.pane() == null || !state.sections().isEmpty() || !state.runs().isEmpty()) {
                entries.add(state.toEntry());
            }
        }
        return entries;
    }
}
