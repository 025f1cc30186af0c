package io.millrace.scheduler.checkpoint;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.sink.SinkSpec;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.PreparedEntry;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.TaskEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes checkpoints of what the tasks of one execution tell. Tasks tell from any thread; {@link #due}, {@link #step}
 * and {@link #finish} are the supervising thread's.
 */
public final class CheckpointCoordinator implements TaskSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointCoordinator.class);

    /** Makes visible what a node's tasks prepared. Blocks. */
    @FunctionalInterface
    public interface Commits {
        void commit(int node, long checkpoint, List<Prepared> prepared);
    }

    /** What a task prepared, and at the end of which epoch. */
    private record Sealed(long epoch, PreparedEntry entry) {}

    /** What is known of one task of a node. */
    private static final class Told {
        private List<StateEntry> taken;
        private List<StateEntry> ended;
        private final List<Sealed> sealed = new ArrayList<>();
    }

    private final Checkpointing checkpointing;
    private final List<Node> nodes;
    private final long intervalNanos;
    private final Clock clock;
    private final IoThreads io;
    private final Commits commits;
    private final Runnable wakeSupervisor;
    private final Told[][] told;
    private final List<CompletableFuture<Manifest>> requests = new ArrayList<>();
    private List<CompletableFuture<Manifest>> answered = List.of();
    private boolean wanted;
    private long running;
    private long runningEpoch;
    private int missing;
    private Throwable runningFailure;
    private long startNanos;
    private Manifest writing;
    private volatile boolean published;
    private boolean settled;
    private boolean closed;
    private IoTask<Void> publishing;
    private final Set<String> namesWritten = new HashSet<>();
    private long pauseNanos;
    private long longestPauseNanos;
    private CheckpointStatistics statistics;

    /**
     * A coordinator whose first interval begins now.
     *
     * @param io for what blocks; the supervising thread is woken besides
     */
    public CheckpointCoordinator(
            Checkpointing checkpointing,
            OperatorGraph graph,
            long intervalNanos,
            Clock clock,
            IoThreads io,
            Commits commits,
            Runnable wakeSupervisor) {
        this.checkpointing = checkpointing;
        this.nodes = graph.nodes();
        this.intervalNanos = intervalNanos;
        this.clock = clock;
        this.io = io;
        this.commits = commits;
        this.wakeSupervisor = wakeSupervisor;
        this.startNanos = clock.nanoTime();
        this.told = new Told[nodes.size()][];
        for (int node = 0; node < told.length; node++) {
            told[node] = new Told[nodes.get(node).parallelism()];
            for (int task = 0; task < told[node].length; task++) {
                told[node][task] = new Told();
            }
        }
        for (Node node : nodes) {
            List<TaskEntry> tasks = checkpointing.restored(node.id());
            restoreEnded(node, tasks);
            tasks.forEach(task -> task.states().forEach(state -> noteFiles(state.files().stream())));
        }
        long restored = checkpointing.restoredCheckpoint();
        this.statistics = new CheckpointStatistics(0, 0, restored, 0, 0, 0, 0, 0, restored, null);
    }

    /** A node that had ended stands in later checkpoints as it did in the one before. */
    private void restoreEnded(Node node, List<TaskEntry> tasks) {
        if (tasks.isEmpty() || !tasks.stream().allMatch(TaskEntry::ended)) {
            return;
        }
        for (Told of : told[node.id()]) {
            of.ended = List.of();
        }
        if (keepsRows(node)) {
            for (TaskEntry task : tasks) {
                task.prepared().forEach(entry -> told[node.id()][0].sealed.add(new Sealed(Long.MAX_VALUE, entry)));
            }
        }
    }

    /**
     * Whether what a node's sink sealed last is needed as long as the job lives, and not only until it is committed.
     */
    private static boolean keepsRows(Node node) {
        return node.spec() instanceof SinkSpec sink && sink.sink().keepsRows();
    }

    // ---- the tasks ----

    @Override
    public synchronized void paused(long nanos) {
        pauseNanos = Math.max(pauseNanos, nanos);
        longestPauseNanos = Math.max(longestPauseNanos, nanos);
    }

    @Override
    public synchronized void taken(
            int node, int task, EpochMarker barrier, List<StateEntry> states, Prepared prepared) {
        Told of = told[node][task];
        seal(node, of, barrier.epoch(), prepared);
        if (isRunning(barrier) && of.taken == null) {
            of.taken = states;
            countDown();
        }
    }

    @Override
    public synchronized void failed(int node, int task, EpochMarker barrier, Throwable failure) {
        if (isRunning(barrier)) {
            if (runningFailure == null) {
                runningFailure = failure;
            }
            wakeSupervisor.run();
        }
    }

    @Override
    public synchronized void ended(int node, int task, List<StateEntry> states, Prepared prepared) {
        Told of = told[node][task];
        if (of.ended != null) {
            return;
        }
        of.ended = states;
        seal(node, of, Long.MAX_VALUE, prepared);
        if (running != 0 && of.taken == null) {
            countDown();
        }
    }

    @Override
    public synchronized void wanted() {
        wanted = true;
    }

    /** Numbers are used again after a failure, epochs never are. */
    private boolean isRunning(EpochMarker barrier) {
        return running != 0 && barrier.epoch() == runningEpoch;
    }

    private void seal(int node, Told of, long epoch, Prepared prepared) {
        if (prepared != null && !prepared.isEmpty()) {
            if (keepsRows(nodes.get(node))) {
                // All of it is in what was sealed now, but for the checkpoint that is being made.
                of.sealed.removeIf(sealed -> running == 0 || sealed.epoch() != runningEpoch);
            }
            of.sealed.add(new Sealed(epoch, SinkFiles.entry(prepared)));
        }
    }

    private void countDown() {
        missing--;
        if (missing == 0) {
            wakeSupervisor.run();
        }
    }

    // ---- any thread ----

    /** Asks for a checkpoint as soon as can be, and says which it was. */
    public synchronized CompletableFuture<Manifest> request() {
        CompletableFuture<Manifest> asked = new CompletableFuture<>();
        if (closed) {
            asked.completeExceptionally(over());
        } else {
            requests.add(asked);
        }
        return asked;
    }

    public synchronized CheckpointStatistics statistics() {
        return statistics;
    }

    // ---- the supervising thread ----

    /** The number of the checkpoint whose barrier ends this epoch, which is injected now; or 0. */
    public synchronized long due(long nowNanos, long epoch) {
        boolean interval = intervalNanos > 0 && nowNanos - startNanos >= intervalNanos;
        if (running != 0 || publishing != null || !interval && !wanted && requests.isEmpty()) {
            return 0;
        }
        running = checkpointing.log().nextCheckpoint();
        runningEpoch = epoch;
        startNanos = nowNanos;
        wanted = false;
        runningFailure = null;
        pauseNanos = 0;
        answered = List.copyOf(requests);
        requests.clear();
        missing = 0;
        for (Told[] ofNode : told) {
            for (Told of : ofNode) {
                of.taken = null;
                missing += of.ended == null ? 1 : 0;
            }
        }
        return running;
    }

    /**
     * All tasks have stopped well: sees through what is being published, however long that takes, and begins nothing
     * any more.
     *
     * @param wait returns when what it is given holds, or the job shall stop
     */
    public void settle(Consumer<BooleanSupplier> wait) {
        settled = true;
        if (publishing != null) {
            wait.accept(publishing::isDone);
            step();
        }
    }

    /** Goes on with the checkpoint under way; throws when the job may not go on. */
    public void step() {
        if (publishing != null) {
            if (!publishing.isDone()) {
                return;
            }
            IoTask<Void> done = publishing;
            publishing = null;
            try {
                done.result();
            } catch (MillraceException failure) {
                giveUp(failure);
                return;
            }
            completed();
            return;
        }
        Throwable failure;
        synchronized (this) {
            if (running == 0 || settled) {
                return;
            }
            failure = runningFailure;
            if (failure == null && missing == 0) {
                writing = manifest(false);
            }
        }
        if (failure != null) {
            giveUp(MillraceException.wrap(failure));
        } else if (writing != null) {
            Manifest manifest = writing;
            publishing =
                    io.submit(
                            "checkpoint " + manifest.checkpoint(),
                            () -> {
                                try {
                                    write(manifest);
                                } finally {
                                    wakeSupervisor.run();
                                }
                                return null;
                            });
        }
    }

    private void write(Manifest manifest) {
        published = false;
        checkpointing.log().publish(manifest);
        published = true;
        commit(manifest);
        checkpointing.log().retain();
    }

    private void commit(Manifest manifest) {
        for (int node = 0; node < nodes.size(); node++) {
            List<Prepared> prepared = new ArrayList<>();
            for (TaskEntry task : manifest.operators().get(node).tasks()) {
                task.prepared().forEach(entry -> prepared.add(SinkFiles.prepared(entry)));
            }
            commits.commit(node, manifest.checkpoint(), prepared);
        }
    }

    private void noteFiles(Stream<CheckpointFile> files) {
        files.forEach(file -> namesWritten.add(file.name()));
    }

    private synchronized void completed() {
        Manifest manifest = writing;
        writing = null;
        running = 0;
        for (Node node : nodes) {
            boolean keepsLast = keepsRows(node);
            for (Told of : told[node.id()]) {
                of.sealed.removeIf(sealed -> isIn(of, sealed) && !(keepsLast && sealed.epoch() == Long.MAX_VALUE));
                of.taken = null;
            }
        }
        long bytes = manifest.files().distinct().mapToLong(CheckpointFile::lengthBytes).sum();
        long addedBytes =
                manifest.files()
                        .distinct()
                        .filter(file -> !namesWritten.contains(file.name()))
                        .mapToLong(CheckpointFile::lengthBytes)
                        .sum();
        namesWritten.clear();
        noteFiles(manifest.files());
        statistics =
                new CheckpointStatistics(
                        statistics.completed() + 1,
                        statistics.failed(),
                        manifest.checkpoint(),
                        bytes,
                        clock.nanoTime() - startNanos,
                        statistics.writtenBytes() + addedBytes,
                        pauseNanos,
                        longestPauseNanos,
                        statistics.restoredCheckpoint(),
                        statistics.lastFailure());
        answered.forEach(asked -> asked.complete(manifest));
        answered = List.of();
    }

    /** Whether what a task sealed belongs to the running checkpoint: of one that ended before its barrier, all. */
    private boolean isIn(Told of, Sealed sealed) {
        return of.taken == null || sealed.epoch() <= runningEpoch;
    }

    /** The job goes on without this checkpoint, unless it must not. */
    private void giveUp(MillraceException failure) {
        List<CompletableFuture<Manifest>> unanswered;
        synchronized (this) {
            unanswered = answered;
            answered = List.of();
            LOG.warn("checkpoint {} of job {} failed: {}", running, checkpointing.job(), failure.getMessage());
            running = 0;
            boolean committing = writing != null && published;
            writing = null;
            statistics =
                    new CheckpointStatistics(
                            statistics.completed(),
                            statistics.failed() + 1,
                            statistics.lastCheckpoint(),
                            statistics.lastBytes(),
                            statistics.lastNanos(),
                            statistics.writtenBytes(),
                            pauseNanos,
                            longestPauseNanos,
                            statistics.restoredCheckpoint(),
                            failure.getMessage());
            if (committing || failure.code() == ErrorCode.FENCED || failure.code() == ErrorCode.INTERNAL) {
                unanswered.forEach(asked -> asked.completeExceptionally(failure));
                throw failure;
            }
        }
        unanswered.forEach(asked -> asked.completeExceptionally(failure));
    }

    private Manifest manifest(boolean finished) {
        List<OperatorEntry> operators = new ArrayList<>();
        for (int node = 0; node < told.length; node++) {
            List<TaskEntry> tasks = new ArrayList<>();
            for (int task = 0; task < told[node].length; task++) {
                tasks.add(task(told[node][task], task));
            }
            Checkpointing.Identity identity = checkpointing.operators().get(node);
            operators.add(new OperatorEntry(identity.id(), identity.name(), identity.meaning(), tasks));
        }
        Manifest header = checkpointing.header();
        return new Manifest(
                checkpointing.job(),
                running,
                checkpointing.incarnation(),
                clock.epochMicros() / 1_000,
                header.engineVersion(),
                header.keyGroups(),
                header.script(),
                header.plan(),
                finished,
                operators);
    }

    private TaskEntry task(Told of, int index) {
        List<PreparedEntry> prepared =
                of.sealed.stream().filter(sealed -> isIn(of, sealed)).map(Sealed::entry).toList();
        boolean ended = of.taken == null;
        return new TaskEntry(index, ended, ended ? of.ended : of.taken, prepared);
    }

    /** All tasks have ended well: writes the last checkpoint and commits it. Blocks. */
    public void finish() {
        Manifest last;
        synchronized (this) {
            for (Told[] ofNode : told) {
                for (Told of : ofNode) {
                    of.taken = null;
                }
            }
            startNanos = clock.nanoTime();
            running = checkpointing.log().nextCheckpoint();
            last = manifest(true);
            writing = last;
            answered = new ArrayList<>(answered);
            answered.addAll(requests);
            requests.clear();
        }
        write(last);
        completed();
    }

    /** Tells those who still wait that there will be no more. */
    public synchronized void close() {
        closed = true;
        answered.forEach(asked -> asked.completeExceptionally(over()));
        requests.forEach(asked -> asked.completeExceptionally(over()));
        answered = List.of();
        requests.clear();
    }

    private static MillraceException over() {
        return new MillraceException(ErrorCode.CANCELLED, "the job has ended");
    }
}
