package io.millrace.state.checkpoint;

import io.millrace.memory.error.MillraceException;

/**
 * A checkpoint in the log, or what is left of one.
 *
 * @param slot its number
 * @param location of its record
 * @param manifest null when it cannot be read
 * @param damage null when it can be used: its record is whole and all its files are there in full length
 */
public record LogEntry(long slot, String location, Manifest manifest, MillraceException damage) {
    public boolean isUsable() {
        return damage == null;
    }
}
