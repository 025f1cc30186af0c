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
    private final long rows;
    private final boolean changed;
    private final Path path;
    private int references = 1;
    private boolean byBucket;
    private RunFilter filter;
    private int bits;
    private long lengthBytes;
    private CheckpointFile stored;

    /**
     * A run that is about to be written.
     *
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

    /** Rows in it, parts of others or not. */
    public long rows() {
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

    /** Gives it a filter, which it then owns, or takes it away and frees it. */
    void filter(RunFilter newFilter) {
        if (filter != null) {
            filter.close();
        }
        filter = newFilter;
    }

    /** Takes over the filter of a run of the same keys. */
    void takeFilter(TierRun from) {
        filter = from.filter;
        from.filter = null;
    }

    synchronized void written(long fileBytes) {
        lengthBytes = fileBytes;
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
