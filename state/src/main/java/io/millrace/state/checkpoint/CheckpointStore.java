package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.memory.time.Clock;
import io.millrace.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The checkpoints of one job in one directory, local or remote. Thread-safe; all methods block. */
public final class CheckpointStore {
    static final String FILES = "files";
    static final String LOG = "log";

    private static final long GONE = -1;

    private final Storage storage;
    private final String location;
    private final Clock clock;
    private final SlotLog log;
    private final StoredFiles files;
    private final Catalog catalog;

    /** Guards what follows, and one publication. */
    private final Object publishing = new Object();

    private volatile long incarnation;

    /** Its next slot is where this incarnation publishes, or is fenced. Written under the guard. */
    private volatile LogRecord last;

    private boolean lastIsUncertain;
    private boolean hasPublished;
    private Set<String> lastPublishedFiles = Set.of();

    private final Retention retention;

    private CheckpointStore(Storage storage, String location, Clock clock) {
        this.storage = storage;
        this.location = location;
        this.clock = clock;
        log = new SlotLog(storage, storage.resolve(location, LOG));
        files =
                new StoredFiles(
                        storage,
                        storage.resolve(location, FILES),
                        this::orFenced,
                        damage -> withOneBefore(damage, Long.MAX_VALUE));
        catalog = new Catalog(location, log, files);
        retention = new Retention(log, files);
    }

    /** The store at a location of {@link Storage}; made when something is first written to it. */
    public static CheckpointStore open(String location) {
        return open(location, Storage.at(location), Clock.system());
    }

    static CheckpointStore open(String location, Storage storage, Clock clock) {
        String absolute =
                Storage.isLocal(location) && !location.startsWith("file:")
                        ? Path.of(location).toAbsolutePath().normalize().toString()
                        : location;
        return new CheckpointStore(storage, absolute, clock);
    }

    /** Where it is. */
    public String location() {
        return location;
    }

    /**
     * Takes over the job: from now on no earlier incarnation can publish, and none that published is overlooked.
     *
     * @param owner who it is, for people
     * @return the incarnation, greater than all before
     */
    public long begin(String owner) {
        return begin(owner, 0);
    }

    /**
     * As {@link #begin(String)}, with the incarnation and all checkpoints numbered above {@code above}: the number of
     * the checkpoint that the job goes on from, when that lies elsewhere.
     */
    public long begin(String owner, long above) {
        synchronized (publishing) {
            if (incarnation != 0) {
                throw MillraceException.internal("incarnation " + incarnation + " has begun already");
            }
            storage.createDirectories(log.directory());
            storage.createDirectories(storage.resolve(location, FILES));
            // Made by one that could not sync them, perhaps.
            storage.syncDirectory(location);
            for (int attempt = 0; attempt < SlotLog.MAX_CLAIMS; attempt++) {
                long newest = log.last();
                long slot = newest == 0 ? 1 : next(newest);
                if (slot == GONE) {
                    continue;
                }
                long now = clock.epochMicros() / 1_000;
                LogRecord record =
                        slot <= above
                                ? new LogRecord.Skip(slot, above + 1, owner, now)
                                : new LogRecord.Start(slot, owner, now);
                // A slot that retention freed lies below others: it was claimed for nothing.
                if (log.tryClaim(record) && log.last() == slot && record instanceof LogRecord.Start) {
                    incarnation = slot;
                    last = record;
                    files.begin(slot);
                    return slot;
                }
            }
            throw new MillraceException(
                            ErrorCode.IO_FAILED,
                            log.directory() + ": others claimed " + SlotLog.MAX_CLAIMS + " slots first")
                    .retryable();
        }
    }

    /** The slot after the newest; a skip says which. GONE when it is not the newest any more and was deleted. */
    private long next(long newest) {
        try {
            return log.read(newest).next();
        } catch (MillraceException damaged) {
            if (damaged.code() == ErrorCode.FILE_NOT_FOUND) {
                return GONE;
            }
            if (damaged.code() != ErrorCode.CORRUPT_DATA || newest == Long.MAX_VALUE) {
                throw damaged;
            }
            // Only a skip leads elsewhere, and who wrote it has claimed the slot it leads to unless he died before.
            return newest + 1;
        }
    }

    /**
     * The last checkpoint; null when there is none.
     *
     * @throws MillraceException CORRUPT_DATA, naming the one before, when it cannot be used
     */
    public Manifest newest() {
        FoundCheckpoint found = newestFound();
        return found == null ? null : found.manifest();
    }

    FoundCheckpoint newestFound() {
        return catalog.newest();
    }

    /**
     * A damage that was met while a checkpoint was restored, with the advice which one before is whole. Reads those,
     * all of their files: one that shares the damaged file is not.
     */
    public MillraceException withOneBefore(MillraceException damage, long checkpoint) {
        return catalog.withOneBefore(damage, checkpoint);
    }

    /** All checkpoints, oldest first; CORRUPT_DATA when one of them cannot be used. */
    public List<Manifest> list() {
        List<Manifest> manifests = new ArrayList<>();
        for (LogEntry entry : entries()) {
            if (!entry.isUsable()) {
                throw entry.damage();
            }
            manifests.add(entry.manifest());
        }
        return manifests;
    }

    /** All checkpoints, oldest first, and what is wrong with each. */
    public List<LogEntry> entries() {
        return catalog.entries();
    }

    /**
     * Makes the checkpoint exist. When this fails with another error than FENCED it may exist none the less: then
     * {@link #nextCheckpoint} has moved on.
     *
     * @throws MillraceException FENCED when a later incarnation has begun
     */
    public void publish(Manifest manifest) {
        synchronized (publishing) {
            if (lastIsUncertain) {
                settle();
            }
            long slot = last.next();
            refuseUnlessNext(manifest, slot);
            Set<String> names = names(manifest);
            refuseWithoutFiles(manifest, names);
            LogRecord record = new LogRecord.Checkpoint(manifest);
            byte[] bytes = LogRecordWriter.write(record);
            String hidden = SlotLog.hiddenCheckpoint(slot, incarnation);
            log.deleteHidden(hidden);
            lastIsUncertain = true;
            try {
                log.claim(record, bytes, hidden);
            } catch (MillraceException failure) {
                acceptOwn(slot, bytes, failure);
            }
            lastIsUncertain = false;
            last = record;
            hasPublished = true;
            lastPublishedFiles = names;
            files.published(names);
        }
    }

    private void refuseUnlessNext(Manifest manifest, long slot) {
        boolean appeared = manifest.incarnation() == incarnation && manifest.checkpoint() < slot;
        if (appeared && manifest.checkpoint() > incarnation) {
            throw new MillraceException(
                            ErrorCode.IO_FAILED,
                            log.location(manifest.checkpoint()) + ": a checkpoint that had been given up appeared")
                    .retryable();
        }
        if (manifest.checkpoint() != slot || manifest.incarnation() != incarnation) {
            throw MillraceException.internal(
                    "expected checkpoint "
                            + slot
                            + " of incarnation "
                            + incarnation
                            + ", found "
                            + manifest.checkpoint()
                            + " of "
                            + manifest.incarnation());
        }
    }

    /** All files that it names are there: most are known to be, the rest is looked for. */
    private void refuseWithoutFiles(Manifest manifest, Set<String> names) {
        boolean known = names.stream().allMatch(name -> lastPublishedFiles.contains(name) || files.isProtected(name));
        if (known) {
            return;
        }
        List<String> missing = missing(manifest);
        if (!missing.isEmpty()) {
            throw orFenced(
                    new MillraceException(
                            ErrorCode.CORRUPT_DATA, "checkpoint " + manifest.checkpoint() + ": " + missing.getFirst()));
        }
    }

    /**
     * A claim failed. Returns when the slot was taken by this very record before, its answer lost on the way; otherwise
     * fails, as {@code failure} says or because of what is found in the slot.
     */
    private void acceptOwn(long slot, byte[] bytes, MillraceException failure) {
        try {
            if (failure.code() == ErrorCode.ALREADY_EXISTS
                    && Arrays.equals(SlotLog.bytes(storage, log.location(slot)), bytes)) {
                log.sync();
                return;
            }
            settle();
        } catch (MillraceException found) {
            if (found.code() == ErrorCode.FENCED) {
                throw found;
            }
            failure.addSuppressed(found);
        }
        throw failure;
    }

    /** The number of the next checkpoint of this incarnation. Does not block. */
    public long nextCheckpoint() {
        LogRecord newest = last;
        if (newest == null) {
            throw MillraceException.internal("no incarnation has begun");
        }
        return newest.next();
    }

    /** Finds out whether a publication that failed took place; FENCED when another's did. */
    private void settle() {
        long slot = last.next();
        if (log.isTaken(slot)) {
            LogRecord found = log.read(slot);
            if (!isOwn(found)) {
                throw fenced(found);
            }
            log.sync();
            last = found;
        }
        lastIsUncertain = false;
    }

    private MillraceException fenced(LogRecord taken) {
        String who =
                switch (taken) {
                    case LogRecord.Start start -> start.owner();
                    case LogRecord.Skip skip -> skip.owner();
                    case LogRecord.Checkpoint checkpoint -> "incarnation " + checkpoint.manifest().incarnation();
                };
        return new MillraceException(
                        ErrorCode.FENCED,
                        location
                                + ": incarnation "
                                + incarnation
                                + " was taken over by "
                                + who
                                + ", found in slot "
                                + taken.slot())
                .withHelp("Another instance of the job runs now; this one must end.");
    }

    /**
     * Forgets all but this many checkpoints, then the files that none of the rest, and no running one, refers to.
     * Nothing happens before the first publication of this incarnation: what it goes on from may be anything.
     */
    public void retain(int count) {
        if (count < 1) {
            throw MillraceException.internal("expected at least one checkpoint to retain, found " + count);
        }
        synchronized (publishing) {
            if (!hasPublished) {
                return;
            }
        }
        MillraceException fenced = fenced();
        if (fenced != null) {
            throw fenced;
        }
        try {
            retention.retain(count, () -> fenced() != null);
        } catch (MillraceException failure) {
            throw orFenced(failure);
        }
    }

    /** Whether a later incarnation has begun, as far as can be seen. */
    public boolean isSuperseded() {
        return fenced() != null;
    }

    /**
     * Why this incarnation is fenced, or null when it is not, as far as can be seen. Takes no lock: a publication that
     * is under way is looked at as well.
     */
    private MillraceException fenced() {
        long next = last.next();
        if (!log.isTaken(next)) {
            return null;
        }
        LogRecord found = log.read(next);
        return isOwn(found) ? null : fenced(found);
    }

    private boolean isOwn(LogRecord record) {
        return record instanceof LogRecord.Checkpoint checkpoint && checkpoint.manifest().incarnation() == incarnation;
    }

    /** What failed may have failed because a later incarnation swept it away. */
    private MillraceException orFenced(MillraceException failure) {
        try {
            MillraceException fenced = fenced();
            if (fenced != null) {
                fenced.addSuppressed(failure);
                return fenced;
            }
        } catch (MillraceException unknown) {
            failure.addSuppressed(unknown);
        }
        return failure;
    }

    static Set<String> names(Manifest manifest) {
        return manifest.files().map(CheckpointFile::name).collect(Collectors.toSet());
    }

    /**
     * Writes a checkpoint with all its files to a directory of its own, where it needs nothing else. All bytes are
     * verified on the way. On the same file system its files are second names of those here, elsewhere copies.
     *
     * @throws MillraceException ALREADY_EXISTS when there is a log already
     */
    public void save(Manifest manifest, String target) {
        CheckpointStore savepoint = open(target, Storage.at(target), clock);
        synchronized (retention) {
            savepoint.receive(manifest, files);
        }
    }

    private void receive(Manifest manifest, StateFiles from) {
        if (!log.slots().isEmpty()) {
            throw new MillraceException(
                    ErrorCode.ALREADY_EXISTS, location + ": expected a directory without a log, found one");
        }
        storage.createDirectories(log.directory());
        storage.createDirectories(storage.resolve(location, FILES));
        files.begin(manifest.incarnation());
        adopt(manifest, from);
        KillPoint.reach("savepoint.files.taken");
        LogRecord record = new LogRecord.Checkpoint(manifest);
        if (!log.tryClaim(record)) {
            throw new MillraceException(
                    ErrorCode.ALREADY_EXISTS, log.location(record.slot()) + ": a savepoint was written here meanwhile");
        }
    }

    /**
     * Takes all files of a checkpoint that lies elsewhere, so that checkpoints here can refer to them: as second names,
     * or copies on another file system. Verified.
     */
    public void adopt(Manifest manifest, StateFiles from) {
        Set<String> seen = new HashSet<>();
        for (CheckpointFile file : manifest.files().toList()) {
            if (seen.add(file.name())) {
                files.take(from, file);
            }
        }
    }

    /** What is wrong with the files of a checkpoint of this store, as far as names and lengths tell. */
    List<String> missing(Manifest manifest) {
        return files.missing(manifest, files.lengths());
    }

    /** Where files of its checkpoints are read, and after {@link #begin} written. */
    public StateFiles files() {
        return files;
    }

    /**
     * The store at a path: a state directory, a store or a savepoint.
     *
     * @throws MillraceException FILE_NOT_FOUND when it is none
     */
    public static CheckpointStore at(String path) {
        Storage storage = Storage.at(path);
        for (String candidate : List.of(path, storage.resolve(path, "checkpoints"))) {
            CheckpointStore store = open(candidate, storage, Clock.system());
            if (!store.log.slots().isEmpty()) {
                return store;
            }
        }
        throw new MillraceException(
                        ErrorCode.FILE_NOT_FOUND, path + ": no state directory, store of checkpoints or savepoint")
                .withHelp("Expected a directory that holds log/ or checkpoints/log/.");
    }
}
