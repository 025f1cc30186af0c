package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Deletes what no checkpoint needs. Its monitor is held while it does. */
final class Retention {
    private final SlotLog log;
    private final StoredFiles files;

    /** What was read of the log, in which nothing changes. */
    private final Map<Long, Set<String>> filesBySlot = new HashMap<>();

    private final Set<Long> others = new HashSet<>();

    /** Files that may be garbage: all that were there at first, then those that a record or a writer gave up. */
    private final Set<String> suspects = new HashSet<>();

    private boolean listed;

    Retention(SlotLog log, StoredFiles files) {
        this.log = log;
        this.files = files;
    }

    /**
     * Deletes records, oldest first, then files. Killed at any point it leaves each record with its files.
     *
     * @param count of checkpoints that stay
     * @param fenced whether a later incarnation has begun; asked before each file
     */
    synchronized void retain(int count, BooleanSupplier fenced) {
        suspects.addAll(files.unprotectPublished());
        List<Long> checkpoints = checkpointSlots();
        List<Long> old = checkpoints.subList(0, Math.max(0, checkpoints.size() - count));
        for (long slot : old) {
            log.delete(slot);
        }
        log.sync();
        KillPoint.reach("retention.manifest.synced");
        Set<Long> kept = new HashSet<>(checkpoints.subList(old.size(), checkpoints.size()));
        List<Long> gone = filesBySlot.keySet().stream().filter(slot -> !kept.contains(slot)).toList();
        gone.forEach(slot -> suspects.addAll(filesBySlot.remove(slot)));
        if (!listed) {
            suspects.addAll(files.sweepable());
            log.deleteClaims(files.incarnation());
            listed = true;
        }
        Set<String> referred = new HashSet<>();
        filesBySlot.values().forEach(referred::addAll);
        // One that is referred to comes back when its record goes, a protected one when its writer gives it up.
        suspects.removeIf(name -> referred.contains(name) || files.isProtected(name));
        suspects.removeIf(name -> files.sweep(name, fenced));
    }

    /**
     * Slots of checkpoints in order, their files known. A damaged record is none: it stays, because it may be a start,
     * and keeps no files, because nobody will know which.
     */
    private List<Long> checkpointSlots() {
        List<Long> checkpoints = new ArrayList<>();
        for (long slot : log.slots()) {
            if (!others.contains(slot) && isCheckpoint(slot)) {
                checkpoints.add(slot);
            }
        }
        return checkpoints;
    }

    private boolean isCheckpoint(long slot) {
        if (filesBySlot.containsKey(slot)) {
            return true;
        }
        try {
            if (log.read(slot) instanceof LogRecord.Checkpoint checkpoint) {
                filesBySlot.put(slot, CheckpointStore.names(checkpoint.manifest()));
                return true;
            }
        } catch (MillraceException damaged) {
            if (damaged.code() == ErrorCode.FILE_NOT_FOUND) {
                // Another instance deletes too. A later one has a start in the log, and then no file is deleted here.
                return false;
            }
            if (damaged.code() != ErrorCode.CORRUPT_DATA) {
                throw damaged;
            }
        }
        others.add(slot);
        return false;
    }
}
