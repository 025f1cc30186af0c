package io.millrace.state.checkpoint;

import io.millrace.memory.error.MillraceException;
import java.util.List;

/** The checkpoints of one job in one directory, local or remote. Thread-safe; all methods block. */
public final class CheckpointStore {
    private CheckpointStore() {}

    /** The store at a location of {@link io.millrace.storage.Storage}; made when it is not there. */
    public static CheckpointStore open(String location) {
        throw MillraceException.internal("no checkpoints at " + location + " yet");
    }

    /**
     * Takes over the job: from now on no earlier incarnation can publish, and none that published is overlooked.
     *
     * @param owner who it is, for people
     * @return the incarnation, greater than all before
     */
    public long begin(String owner) {
        throw MillraceException.internal("begin");
    }

    /** The last checkpoint; null when there is none. CORRUPT_DATA, naming the one before, when it cannot be used. */
    public Manifest newest() {
        throw MillraceException.internal("newest");
    }

    /** All checkpoints, oldest first. */
    public List<Manifest> list() {
        throw MillraceException.internal("list");
    }

    /** Makes the checkpoint exist. FENCED when a later incarnation has begun. */
    public void publish(Manifest manifest) {
        throw MillraceException.internal("publish");
    }

    /** The number of the next checkpoint of this incarnation. */
    public long nextCheckpoint() {
        throw MillraceException.internal("nextCheckpoint");
    }

    /** Forgets all but this many checkpoints, then the files that none of the rest, and no running one, refers to. */
    public void retain(int count) {
        throw MillraceException.internal("retain");
    }

    /** Writes a checkpoint with all its files to a directory of its own, where it needs nothing else. */
    public void save(Manifest manifest, String location) {
        throw MillraceException.internal("save");
    }

    public StateFiles files() {
        throw MillraceException.internal("files");
    }
}
