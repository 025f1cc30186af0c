package io.millrace.state.checkpoint;

import java.util.List;

/**
 * One task of an operator in a checkpoint.
 *
 * @param ended whether its input had ended and all it had to emit was emitted
 * @param prepared what its sink writer sealed since the checkpoint before, in order; empty of others
 */
public record TaskEntry(int index, boolean ended, List<StateEntry> states, List<PreparedEntry> prepared) {
    public TaskEntry {
        states = List.copyOf(states);
        prepared = List.copyOf(prepared);
    }
}
