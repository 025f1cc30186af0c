package io.millrace.state.tier;

import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One sorted file of a table. It lies there while the table or a checkpoint that is being written refers to it.
 * Thread-safe.
 */
public final class TierRun {
    private final long number;
    private long rows;
    private final boolean changed;
    private final Path path;
    private int references = 1;
    private boolean byBucket;
    private RunFilter filter;
    private RunIndex index;
    private MappedRun mapped;
    private int bits;
    private long lengthBytes;
    private CheckpointFile stored;

    /**
     * A run that is about to be written.
     *
     * @param rows as many as it will have at the most
     * @param changed whether it may hold rows with changes that nobody has been told of
     */
    TierRun(long number, long rows, boolean changed, Path path) {
        this.number = number;
        this.rows = rows;
        this.changed = changed;
        this.path = path;
    }

    public long number() {
        return number;
    }

    /** How many bits of the hash its buckets have; known when it begins to be written. */
    public synchronized int bits() {
        return bits;
    }

    /** Rows in it, parts of others or not; at the most so many until it is written. */
    public synchronized long rows() {
        return rows;
    }

    public boolean isChanged() {
        return changed;
    }

    Path path() {
        return path;
    }

    synchronized TierRun withBits(int newBits) {
        bits = newBits;
        return this;
    }

    /** Whether its entries are by bucket, then number, as once was written; and not the other way round. */
    boolean isByBucket() {
        return byBucket;
    }

    /** Says that it is one of those once written. */
    TierRun byBucket(boolean is) {
        byBucket = is;
        return this;
    }

    /** Which keys it may have, on an I/O thread; null when that is not known. */
    RunFilter filter() {
        return filter;
    }

    /** Where its buckets lie, on an I/O thread; null when that is not known. */
    RunIndex index() {
        return index;
    }

    /** The file, on an I/O thread, to be read where {@link #index} says. */
    MappedRun mapped() {
        if (mapped == null) {
            mapped = new MappedRun(this);
        }
        return mapped;
    }

    /** Gives it what keys are found by; null for what there is not. The filter is then the run's. */
    void foundBy(RunFilter newFilter, RunIndex newIndex) {
        filter = newFilter;
        index = newIndex;
    }

    /** Takes over what the keys of another name of the same file are found by. */
    void foundAs(TierRun from) {
        foundBy(from.filter, from.index);
        mapped = from.mapped;
        from.foundBy(null, null);
        from.mapped = null;
    }

    /** On an I/O thread, or when there is none any more: keys will not be looked up. */
    void endLookups() {
        if (filter != null) {
            filter.close();
        }
        foundBy(null, null);
        if (mapped != null) {
            mapped.close();
            mapped = null;
        }
    }

    synchronized void written(long fileBytes) {
        lengthBytes = fileBytes;
    }

    synchronized void written(long fileBytes, long rowsInIt) {
        lengthBytes = fileBytes;
        rows = rowsInIt;
    }

    synchronized long lengthBytes() {
        return lengthBytes;
    }

    /** The copy that checkpoints refer to; null when there is none yet. */
    synchronized CheckpointFile stored() {
        return stored;
    }

    synchronized void stored(CheckpointFile file) {
        stored = file;
    }

    /** The copy that a checkpoint refers to, which has been waited for. */
    public CheckpointFile file() {
        CheckpointFile file = stored();
        if (file == null) {
            throw MillraceException.internal("a checkpoint of a run that was not copied: " + path);
        }
        return file;
    }

    synchronized void retain() {
        references++;
    }

    /** Deletes the file when nobody refers to it any more. */
    void release() {
        synchronized (this) {
            if (--references > 0) {
                return;
            }
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException left) {
            // The directory is emptied at the next start.
        }
    }
}
