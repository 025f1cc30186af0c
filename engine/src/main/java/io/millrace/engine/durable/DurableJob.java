package io.millrace.engine.durable;

import io.millrace.engine.plan.StoredPlan;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.scheduler.checkpoint.StoredCheckpoints;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.SavepointRoot;
import io.millrace.state.lock.StateDirectory;
import io.millrace.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a job that is kept holds of the world, from before it starts until it has ended. Thread-safe. */
public final class DurableJob implements AutoCloseable {
    /** Checkpoints that stay: one to go on from, and those before for when it cannot be read. */
    private static final int CHECKPOINTS_KEPT = 3;

    /** After which a savepoint's checkpoint is waited for no longer. */
    private static final int SAVE_MINUTES = 10;

    private final AtomicBoolean saving = new AtomicBoolean();
    private final Durability durability;
    private final String job;
    private final String script;
    private final StateDirectory directory;
    private final CheckpointStore store;
    private final StoredCheckpoints log;
    private final Consumer<String> warnings;
    private String plan = "";

    /** Savepoints that are being written: their job has to itself what they are copied from. */
    private int holders;

    private boolean closed;

    private DurableJob(
            Durability durability,
            String job,
            String script,
            StateDirectory directory,
            CheckpointStore store,
            Consumer<String> warnings) {
        this.warnings = warnings;
        this.directory = directory;
        this.durability = durability;
        this.job = job;
        this.script = script;
        this.store = store;
        this.log = new StoredCheckpoints(store, CHECKPOINTS_KEPT);
    }

    /**
     * Takes the job over; blocks. STATE_IN_USE when another process has its directory.
     *
     * @param job names it over all its executions
     * @param script the SQL that it runs
     * @param warnings get what the user should know, now and when it begins
     */
    public static DurableJob open(
            Durability durability, String job, String script, Clock clock, Consumer<String> warnings) {
        refuseFile("--state", durability.stateDirectory());
        refuseFile("--checkpoints", durability.checkpoints());
        StateDirectory directory =
                durability.stateDirectory() == null ? null : StateDirectory.open(durability.stateDirectory(), clock);
        try {
            if (directory != null) {
                warnOfMemory(directory.path(), warnings);
                new SavepointRoot(directory.savepoints()).removeHalfWritten();
            }
            String location = durability.checkpoints() == null ? directory.checkpoints() : durability.checkpoints();
            return new DurableJob(durability, job, script, directory, CheckpointStore.open(location), warnings);
        } catch (RuntimeException failure) {
            if (directory != null) {
                directory.close();
            }
            throw failure;
        }
    }

    private static void refuseFile(String option, String directory) {
        Path path = directory == null ? null : Storage.at(directory).localPath(directory);
        if (path != null && Files.isRegularFile(path)) {
            throw new MillraceException(
                    ErrorCode.INVALID_OPTION, option + ": expected a directory, found the file " + directory);
        }
    }

    private static void warnOfMemory(Path directory, Consumer<String> warnings) {
        if (StateDirectory.isInMemory(directory)) {
            warnings.accept(
                    "the state directory "
                            + directory
                            + " lies in memory: it is gone when the machine stops, and state that outgrows --memory"
                            + " takes more of the machine's; give --state a directory on a disk");
        }
    }

    /** Where state may go that outgrows memory; null when the job has no directory of its own. */
    public Path tier() {
        return directory == null ? null : directory.tier();
    }

    /** Where its checkpoints lie. */
    public CheckpointStore store() {
        return store;
    }

    /**
     * The graph to run: the one that an unchanged script ran, or this.
     *
     * @param fresh as the script is planned now
     * @param conditions what of its settings a plan depends on
     */
    public OperatorGraph plan(OperatorGraph fresh, String conditions) {
        Manifest before = durability.from() == null ? store.newest() : FoundCheckpoint.at(durability.from()).manifest();
        boolean unchanged = before != null && before.script().equals(script);
        OperatorGraph graph = unchanged ? StoredPlan.read(before.plan(), conditions, fresh, warnings) : fresh;
        plan = StoredPlan.write(conditions, graph);
        return graph;
    }

    /**
     * Begins an execution of a graph: no earlier one can make a checkpoint after this.
     *
     * @param keyGroups that a new state is divided into
     */
    public Checkpointing begin(OperatorGraph graph, int keyGroups) {
        FoundCheckpoint from = durability.from() == null ? null : FoundCheckpoint.at(durability.from());
        refuseToGoBack(from);
        String owner = "process " + ProcessHandle.current().pid() + " of job " + job;
        // What is refused must not end the instance that runs: nothing is claimed before it is looked at.
        check(from == null ? store.newest() : from.manifest(), graph, keyGroups);
        long incarnation = store.begin(owner, from == null ? 0 : from.manifest().checkpoint());
        Manifest restored = from == null ? store.newest() : from.manifest();
        if (from != null) {
            store.adopt(restored, from.files());
        }
        StateMatch match = check(restored, graph, keyGroups);
        Manifest header =
                new Manifest(job, 0, incarnation, 0, engineVersion(), keyGroups, script, plan, false, List.of());
        if (match == null) {
            return new Checkpointing(job, incarnation, log, Checkpointing.identify(graph), header, null);
        }
        for (String loss : match.losses()) {
            warnings.accept("what is rebuilt will not be what it was: " + loss);
        }
        return new Checkpointing(job, incarnation, log, match.identities(), header, restored, match.origins());
    }

    /** A command that names a savepoint and is given again would write once more what came after it. */
    private void refuseToGoBack(FoundCheckpoint from) {
        if (from == null || from.location().startsWith(store.location() + "/log/")) {
            return;
        }
        boolean used = store.entries().stream().anyMatch(entry -> entry.isUsable());
        if (used) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            store.location() + " has checkpoints of its own, and --from names another place")
                    .withHelp("Leave out --from to go on from the newest, or give another --state to begin there.");
        }
    }

    /**
     * Writes a checkpoint that is taken now to a place of its own, where it needs nothing else. Blocks.
     *
     * @param checkpoint asks for it
     */
    public Manifest save(Supplier<CompletableFuture<Manifest>> checkpoint, String location) {
        if (!saving.compareAndSet(false, true)) {
            throw new MillraceException(ErrorCode.ALREADY_EXISTS, "a savepoint of job " + job + " is being taken");
        }
        hold();
        try {
            Manifest manifest = await(checkpoint);
            store.save(manifest, location);
            return manifest;
        } finally {
            release();
            saving.set(false);
        }
    }

    /** Where its savepoints go. */
    public SavepointRoot savepoints() {
        if (durability.savepoints() != null) {
            return new SavepointRoot(absolute(durability.savepoints()));
        }
        return new SavepointRoot(
                durability.checkpoints() == null
                        ? directory.savepoints()
                        : Storage.at(store.location()).resolve(store.location(), "savepoints"));
    }

    private static String absolute(String location) {
        boolean isPlain = Storage.isLocal(location) && !location.startsWith("file:");
        return isPlain ? Path.of(location).toAbsolutePath().normalize().toString() : location;
    }

    /**
     * As {@link #save}, to a new directory of this name where {@linkplain #savepoints savepoints go}. When that fails
     * nothing of it is left.
     */
    public Savepoint saveNamed(Supplier<CompletableFuture<Manifest>> checkpoint, String name) {
        String location = savepoints().place(name);
        try {
            return new Savepoint(save(checkpoint, location), location);
        } catch (MillraceException failure) {
            if (failure.code() != ErrorCode.ALREADY_EXISTS) {
                removePart(location, failure);
            }
            throw failure;
        }
    }

    /**
     * Writes the checkpoint that a job ends with to a place of its own, {@linkplain #savepoints where savepoints go}.
     * Blocks. When that fails nothing of it is left, and the checkpoint stands.
     *
     * @param stop takes the last checkpoint and ends the job; the checkpoint is null when the job had not begun
     * @return null when there is no checkpoint
     */
    public Savepoint saveLast(Supplier<CompletableFuture<Manifest>> stop) {
        hold();
        try {
            Manifest last = await(stop);
            return last == null ? null : saveLast(last);
        } finally {
            release();
        }
    }

    private Savepoint saveLast(Manifest last) {
        SavepointRoot root = savepoints();
        String place = Storage.at(root.location()).resolve(root.location(), Long.toString(last.checkpoint()));
        String location = place;
        // Another's, of a log that was removed.
        for (int more = 1; Storage.at(location).exists(location); more++) {
            location = place + "-" + more;
        }
        while (true) {
            try {
                store.save(last, location);
                return new Savepoint(last, location);
            } catch (MillraceException failure) {
                if (failure.code() == ErrorCode.ALREADY_EXISTS) {
                    location += "-1";
                    continue;
                }
                removePart(location, failure);
                throw failure.inContext("savepoint " + location).withHelp(goesOnFrom(last));
            }
        }
    }

    private String goesOnFrom(Manifest last) {
        return "Started again, the job goes on from checkpoint "
                + last.checkpoint()
                + " at "
                + store.location()
                + ", which holds the same.";
    }

    private static void removePart(String location, MillraceException failure) {
        try {
            Storage.at(location).deleteTree(location);
        } catch (MillraceException left) {
            failure.addSuppressed(left);
        }
    }

    private static Manifest await(Supplier<CompletableFuture<Manifest>> checkpoint) {
        try {
            return checkpoint.get().orTimeout(SAVE_MINUTES, TimeUnit.MINUTES).join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof TimeoutException) {
                throw new MillraceException(
                        ErrorCode.IO_FAILED, "no checkpoint within " + SAVE_MINUTES + " minutes", failure);
            }
            throw MillraceException.wrap(failure.getCause());
        }
    }

    private synchronized void hold() {
        holders++;
        log.hold();
    }

    private synchronized void release() {
        holders--;
        log.release();
        closeWhenDone();
    }

    private synchronized void closeWhenDone() {
        if (closed && holders == 0 && directory != null) {
            directory.close();
        }
    }

    /** What becomes of each operator's state; null when there is none. */
    private StateMatch check(Manifest restored, OperatorGraph graph, int keyGroups) {
        if (restored == null) {
            return null;
        }
        String what = "checkpoint " + restored.checkpoint() + " at " + store.location();
        if (!restored.job().equals(job)) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            what + ": expected one of job " + job + ", found one of job " + restored.job())
                    .withHelp("Give each job a --state or --checkpoints of its own, or set 'pipeline.name'.");
        }
        if (restored.keyGroups() != keyGroups) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            what + ": expected state.key-groups=" + restored.keyGroups() + ", found " + keyGroups)
                    .withHelp("The number of key groups is fixed for the life of a state.");
        }
        refuseAmbiguity(restored, graph, what);
        StateMatch match = StateMatch.of(graph, restored);
        if (!match.drops().isEmpty() && !durability.allowsDroppedState()) {
            List<String> losses = match.losses();
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            what
                                    + " holds state that this script would leave behind:\n  "
                                    + lines(match.changes())
                                    + cannotBeRebuilt(losses))
                    .withHelp(whatToDo(losses.isEmpty()));
        }
        return match;
    }

    private static String whatToDo(boolean canBeRebuilt) {
        return canBeRebuilt
                ? "Give --allow-dropped-state to leave it behind, or another --state to begin anew;"
                        + " ./millrace diff says what becomes of the rest."
                : "Run the script that made it, which needs nothing again; or read what is lost from files, as the"
                        + " history of a hybrid table. With --allow-dropped-state the job goes on with what is left.";
    }

    private static String cannotBeRebuilt(List<String> losses) {
        return losses.isEmpty() ? "" : "\nand cannot be rebuilt in full: " + String.join("; ", losses);
    }

    private static String lines(List<StateFate> fates) {
        return String.join("\n  ", fates.stream().map(StateFate::toString).toList());
    }

    /** Where two operators mean the same, only their places tell them apart: those must be what they were. */
    private static void refuseAmbiguity(Manifest restored, OperatorGraph graph, String what) {
        List<String> before =
                restored.operators().stream().map(operator -> named(operator.name(), operator.fingerprint())).toList();
        List<String> now =
                Checkpointing.identify(graph).stream()
                        .map(identity -> named(identity.name(), identity.meaning().text()))
                        .toList();
        if (Set.copyOf(before).size() < before.size() && !before.equals(now)) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            what
                                    + " has operators that mean the same, and the script was changed: whose state is"
                                    + " whose cannot be told")
                    .withHelp("Run the script that made it, or begin anew with another --state.");
        }
    }

    private static String named(String name, String meaning) {
        return name.replaceAll("#.*", " ") + meaning;
    }

    private static String engineVersion() {
        String version = DurableJob.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Lets others have the job, once no savepoint of it is being written. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        closeWhenDone();
    }
}
