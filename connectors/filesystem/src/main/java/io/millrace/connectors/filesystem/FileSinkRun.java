package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import io.millrace.storage.WritableFile;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One execution. A file is written under a hidden name in the table's directory and gets its own when it is committed
 * ({@link FileNames}); nothing is ever replaced.
 *
 * <p>Of a job with checkpoints, an execution that takes over leaves a mark that names its incarnation; one that is not
 * the last finds it before it publishes, and is FENCED. One that finds such a mark when it begins, and that nobody has
 * taken over from, has come upon the output of another state: ALREADY_EXISTS. What was prepared and not committed stays
 * for whoever recovers, who publishes what belongs to the checkpoint and deletes the rest of earlier incarnations.
 *
 * <p>Of one without, RUN is one more than the greatest in the directory. Two executions that begin at once may take the
 * same one; then the later to create a file, or to commit one, fails. What fails or is stopped deletes its hidden
 * files. Those of a process that was killed stay, seen by nobody, until an execution in the same directory finds them a
 * day old and closed. Thread-safe.
 */
final class FileSinkRun implements SinkRun {
    private static final String SUCCESS = "_SUCCESS";
    private static final String ANOTHER_STATES =
            "These files belong to the state that wrote them. Go on with that --state; or, to begin anew, give the"
                    + " table another 'path' or empty this one, of hidden files too.";

    /** No execution leaves a file untouched for so long. */
    private static final long ABANDONED_MILLIS = 24L * 60 * 60 * 1000;

    private final Storage storage;
    private final String directory;
    private final FileFormat format;
    private final FileLayout layout;
    private final ZoneId zone;
    private final SinkRequest request;
    private final FileNames names;
    private final Set<String> unpublished = new HashSet<>();
    private final Map<Integer, Long> watermarks = new HashMap<>();
    private final Set<String> incomplete = new HashSet<>();
    private boolean aborted;
    private boolean swept;

    FileSinkRun(String directory, FileFormat format, FileLayout layout, ZoneId zone, SinkRequest request) {
        this.storage = Storage.at(directory);
        this.directory = directory;
        this.format = format;
        this.layout = layout;
        this.zone = zone;
        this.request = request;
        storage.createDirectories(directory);
        if (request.checkpoints() != null) {
            this.names = FileNames.of(request.checkpoints(), request.sinkName(), format.name());
            return;
        }
        long greatest = 0;
        for (StoredFile file : storage.listAll(directory)) {
            greatest = Math.max(greatest, FileNames.runOf(name(file)));
        }
        for (StoredFile file : layout.partitionKeys().isEmpty() ? List.<StoredFile>of() : visible()) {
            greatest = Math.max(greatest, FileNames.runOf(name(file)));
        }
        this.names = FileNames.ofRun(greatest + 1, format.name());
    }

    private static String name(StoredFile file) {
        return file.location().substring(file.location().lastIndexOf('/') + 1);
    }

    /** All files that readers see, below the directory too. */
    private List<StoredFile> visible() {
        try {
            return storage.list(directory);
        } catch (MillraceException none) {
            if (none.code() == ErrorCode.FILE_NOT_FOUND) {
                return List.of();
            }
            throw none;
        }
    }

    @Override
    public SinkWriter open(int writerIndex, ReaderContext context) {
        return new FileSinkWriter(this, writerIndex, context);
    }

    /** Of the files: without the columns that name directories. */
    Schema schema() {
        return request.schema().project(fileColumns());
    }

    int[] fileColumns() {
        Schema all = request.schema();
        return IntStream.range(0, all.size())
                .filter(column -> !layout.partitionKeys().contains(all.name(column)))
                .toArray();
    }

    int[] partitionColumns() {
        return layout.partitionKeys().stream().mapToInt(request.schema()::indexOf).toArray();
    }

    FileLayout layout() {
        return layout;
    }

    boolean isBounded() {
        return request.bounded();
    }

    boolean takesCheckpoints() {
        return request.checkpoints() != null;
    }

    FileFormat format() {
        return format;
    }

    ZoneId zone() {
        return zone;
    }

    FileNames names() {
        return names;
    }

    private String hidden(String name) {
        return storage.resolve(directory, name);
    }

    /** Creates a file that nobody sees yet. Blocks. */
    WritableFile create(String hiddenName) {
        synchronized (this) {
            if (aborted) {
                throw new MillraceException(ErrorCode.CANCELLED, "the sink was stopped");
            }
            unpublished.add(hiddenName);
        }
        WritableFile created = storage.create(hidden(hiddenName));
        boolean done = false;
        try {
            sweep(hiddenName);
            done = true;
            return created;
        } finally {
            if (!done) {
                created.close();
            }
        }
    }

    /** Files are sealed for a checkpoint: of a job that takes some, they are no longer this execution's to delete. */
    synchronized void sealed(List<SealedFiles.Ended> files) {
        if (takesCheckpoints()) {
            files.forEach(file -> unpublished.remove(file.hiddenName()));
        }
    }

    /** Deletes what killed executions left; the clock is the storage's own, by the file that was just created. */
    private void sweep(String created) {
        synchronized (this) {
            if (swept || takesCheckpoints()) {
                return;
            }
            swept = true;
        }
        long nowMillis = storage.look(hidden(created)).modifiedMillis();
        for (StoredFile file : storage.listAll(directory)) {
            String name = name(file);
            if (name.startsWith(".")
                    && name.endsWith(FileNames.IN_PROGRESS)
                    && FileNames.runOf(name) >= 0
                    && file.modifiedMillis() < nowMillis - ABANDONED_MILLIS
                    && !storage.isBeingWritten(file.location())) {
                storage.delete(file.location());
            }
        }
    }

    @Override
    public void recover(long checkpoint, List<Prepared> prepared) {
        KillPoint.reach("file.sink.fence");
        if (laterOwner() >= 0 && !request.checkpoints().superseded().getAsBoolean()) {
            throw new MillraceException(
                            ErrorCode.ALREADY_EXISTS,
                            directory
                                    + " has output that another state of job "
                                    + request.checkpoints().job()
                                    + " wrote: own incarnation="
                                    + names.generation()
                                    + ", found "
                                    + laterOwner())
                    .withHelp(ANOTHER_STATES);
        }
        requireOwnership();
        markOwnership();
        KillPoint.reach("file.sink.fenced");
        for (StoredFile file : visible()) {
            long found = names.checkpointOf(name(file));
            if (found > checkpoint) {
                throw new MillraceException(
                                ErrorCode.ALREADY_EXISTS,
                                "output past the restored checkpoint is already visible: restored checkpoint="
                                        + checkpoint
                                        + ", file "
                                        + file.location()
                                        + " is of checkpoint="
                                        + found)
                        .withHelp(
                                checkpoint == 0
                                        ? ANOTHER_STATES
                                        : "Restore from that checkpoint or a later one; or remove the files of later"
                                                + " checkpoints to begin anew from this one.");
            }
            if (found >= 0) {
                note(partitionOf(file));
            }
        }
        publish(checkpoint, prepared);
        synchronized (this) {
            // Those of writers that there may be no more; the ones to come state theirs.
            watermarks.clear();
        }
        for (StoredFile file : storage.listAll(directory)) {
            long incarnation = names.incarnationOf(name(file));
            long owner = names.ownerOf(name(file));
            boolean earlier = incarnation >= 0 && incarnation < names.generation();
            if (earlier || owner >= 0 && owner < names.generation()) {
                storage.delete(file.location());
            }
        }
    }

    private void markOwnership() {
        try (WritableFile mark = storage.create(hidden(names.owner()))) {
            mark.sync();
        } catch (MillraceException there) {
            if (there.code() != ErrorCode.ALREADY_EXISTS) {
                throw there;
            }
        }
        requireOwnership();
    }

    private void requireOwnership() {
        long owner = laterOwner();
        if (owner >= 0) {
            throw new MillraceException(
                            ErrorCode.FENCED,
                            "a later execution writes to "
                                    + directory
                                    + ": own incarnation="
                                    + names.generation()
                                    + ", found "
                                    + owner)
                    .withHelp("Only one execution of a job may write; this one has ended.");
        }
    }

    /** The incarnation after this one that has left its mark; -1 when there is none. */
    private long laterOwner() {
        for (StoredFile file : storage.listAll(directory)) {
            long owner = names.ownerOf(name(file));
            if (owner > names.generation()) {
                return owner;
            }
        }
        return -1;
    }

    private String partitionOf(StoredFile file) {
        String location = file.location();
        int root = location.indexOf(directory);
        String below = root < 0 ? "" : location.substring(root + directory.length());
        int last = below.lastIndexOf('/');
        return last <= 0 ? "" : below.substring(below.startsWith("/") ? 1 : 0, last);
    }

    @Override
    public void commit(long checkpoint, List<Prepared> prepared) {
        if (takesCheckpoints()) {
            requireOwnership();
        }
        publish(checkpoint, prepared);
    }

    private void publish(long checkpoint, List<Prepared> prepared) {
        for (Prepared one : prepared) {
            if (!one.isEmpty()) {
                SealedFiles sealed = SealedFiles.of(one);
                sealed.files().forEach(file -> publish(file, checkpoint));
                synchronized (this) {
                    watermarks.merge(sealed.writer(), sealed.watermarkMicros(), Math::max);
                }
            }
        }
        if (layout.successFiles()) {
            markComplete();
        }
    }

    private void publish(SealedFiles.Ended file, long checkpoint) {
        String from = hidden(file.hiddenName());
        String place = file.partition().isEmpty() ? directory : storage.resolve(directory, file.partition());
        String to = storage.resolve(place, names.published(file.hiddenName(), checkpoint));
        boolean waits = storage.exists(from);
        if (waits && takesCheckpoints() && storage.exists(to)) {
            // It has its name, and whoever gave it died before the hidden one was taken away.
            storage.delete(from);
        } else if (waits) {
            storage.createDirectories(place);
            KillPoint.reach("file.sink.publish");
            storage.publish(from, to);
            KillPoint.reach("file.sink.published");
        } else if (!storage.exists(to)) {
            throw new MillraceException(
                    ErrorCode.IO_FAILED, "the file " + from + " that was written is no longer there");
        }
        synchronized (this) {
            unpublished.remove(file.hiddenName());
        }
        note(file.partition());
    }

    private synchronized void note(String partition) {
        if (layout.successFiles()) {
            incomplete.add(partition);
        }
    }

    /** Marks the directories to which nothing will be added. */
    private void markComplete() {
        long watermark = Long.MIN_VALUE;
        synchronized (this) {
            if (watermarks.size() >= request.writerCount()) {
                watermark = watermarks.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE);
            }
        }
        for (String partition : Set.copyOf(incomplete)) {
            long end =
                    layout.partitionTime() == null || partition.isEmpty()
                            ? Long.MAX_VALUE
                            : layout.partitionTime().endMicros(PartitionPath.values(partition));
            if (watermark >= end) {
                String place = partition.isEmpty() ? directory : storage.resolve(directory, partition);
                String mark = storage.resolve(place, SUCCESS);
                if (!storage.exists(mark)) {
                    try (WritableFile empty = storage.create(mark)) {
                        empty.sync();
                    }
                }
                incomplete.remove(partition);
            }
        }
    }

    @Override
    public void abort() {
        Set<String> left;
        synchronized (this) {
            aborted = true;
            left = Set.copyOf(unpublished);
            unpublished.clear();
        }
        for (String name : left) {
            storage.delete(hidden(name));
        }
    }

    @Override
    public void close() {}
}
