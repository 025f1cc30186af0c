package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The checkpoints that a store's log names, and what is wrong with each. Thread-safe; methods block. */
final class Catalog {
    private final String location;
    private final SlotLog log;
    private final StoredFiles files;

    Catalog(String location, SlotLog log, StoredFiles files) {
        this.location = location;
        this.log = log;
        this.files = files;
    }

    /** All of them, oldest first. */
    List<LogEntry> entries() {
        // Where retention runs meanwhile a record goes before its files do: one that is gone is passed over.
        List<LogEntry> entries = new ArrayList<>();
        Map<String, Long> lengths = null;
        for (long slot : log.slots()) {
            String at = log.location(slot);
            try {
                LogRecord record = log.read(slot);
                if (record instanceof LogRecord.Checkpoint checkpoint) {
                    lengths = lengths == null ? files.lengths() : lengths;
                    List<String> missing = files.missing(checkpoint.manifest(), lengths);
                    if (!missing.isEmpty() && !log.isTaken(slot)) {
                        continue;
                    }
                    entries.add(LogEntry.of(checkpoint.manifest(), at, missing, files));
                }
            } catch (MillraceException damage) {
                if (LogEntry.isDamage(damage)) {
                    entries.add(new LogEntry(slot, at, null, damage, files));
                } else if (damage.code() != ErrorCode.FILE_NOT_FOUND) {
                    throw damage;
                }
            }
        }
        return entries;
    }

    /** The last one; null when there is none, CORRUPT_DATA, naming the one before, when it cannot be used. */
    FoundCheckpoint newest() {
        List<LogEntry> entries = entries();
        if (entries.isEmpty()) {
            return null;
        }
        LogEntry newest = entries.getLast();
        if (newest.isUsable()) {
            return newest.found();
        }
        throw unusable(newest, entries);
    }

    private static MillraceException unusable(LogEntry newest, List<LogEntry> entries) {
        MillraceException damage = newest.damage().inContext("the newest checkpoint, " + newest.slot());
        for (LogEntry entry : entries.reversed()) {
            if (entry.isUsable()) {
                return damage.withHelp(goBackTo(entry));
            }
        }
        return damage.withHelp("No other checkpoint in " + newest.location() + "'s directory is whole.");
    }

    private static String goBackTo(LogEntry entry) {
        return "Checkpoint "
                + entry.slot()
                + " before it is whole. To go back to it: ./millrace run FILE --state DIR --from "
                + entry.location();
    }

    /** A damage with the advice which checkpoint before is whole; reads all of their files. */
    MillraceException withOneBefore(MillraceException damage, long checkpoint) {
        for (LogEntry entry : entries().reversed()) {
            if (entry.slot() < checkpoint && entry.isUsable() && entry.found().verify().isEmpty()) {
                return damage.withHelp(goBackTo(entry));
            }
        }
        return damage.withHelp("No checkpoint before it in " + location + " is whole.");
    }
}
