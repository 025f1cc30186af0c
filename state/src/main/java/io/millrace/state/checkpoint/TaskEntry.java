package io.millrace.state.checkpoint;

import java.util.List;

/**
 * One task of an operator in a checkpoint.
 *
 * @param ended whether its input had ended and all it had to emit was emitted
 * @param preparedBytes what its sink writer sealed; empty of others
 * @param preparedFiles which those bytes refer to
 */
public record TaskEntry(
        int index, boolean ended, List<StateEntry> states, byte[] preparedBytes, List<CheckpointFile> preparedFiles) {
    public TaskEntry {
        states = List.copyOf(states);
        preparedFiles = List.copyOf(preparedFiles);
    }
}
