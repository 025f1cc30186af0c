package io.millrace.state.tier;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.fault.KillPoint;
import io.millrace.state.checkpoint.StateFiles;
import io.millrace.state.table.CodedTable;
import io.millrace.state.table.KeyClip;
import io.millrace.state.table.KeyMove;
import io.millrace.state.table.RowConversion;
import io.millrace.state.table.RowList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What of one table is not in memory. The operator gives whole tables away, and gets rows back merged: all of them by a
 * {@link TierScan}, some by a {@link TierLookup}. The methods are the worker's and never block; what failed on an I/O
 * thread is thrown by the next of them.
 */
public final class TableTier implements Tier {
    /** Rows read between two looks at what else is to be done. */
    private static final int PIECE_ROWS = 1 << 14;

    /** So many bits fewer than another the buckets of a run may have, which are then so many times larger. */
    private static final int MAX_BITS_FEWER = 6;

    /** When what came after the first run is so many times larger, all are folded. */
    private static final int MAX_GROWTH = 2;

    /** So many neighbours of about one size are folded, and by so many tables given away later that is done. */
    private static final int FOLDED_RUNS = 8;

    /** Runs whose size differs by less than so many bits are of about one size: what a fold multiplies it by. */
    private static final int BITS_A_LEVEL = 3;

    /** Runs up to this size are of one size. */
    private static final int SMALL_BYTES = 64 << 10;

    /** So many runs there may be when there is no memory to fold them. */
    private static final int MOST_RUNS = 96;

    private final TaskTiers task;
    private final StateTier tier;
    private final Allocator allocator;
    private final String name;
    private final Supplier<CodedTable> twins;
    private final boolean lookedUp;

    /** Tables that are held for a while. */
    private final HeldParts held = new HeldParts();

    /** Whether there ever was anything. Of the worker. */
    private boolean used;

    private final RunList runs = new RunList();
    private volatile boolean dropped;

    // Of the I/O thread that runs.
    private List<TierRun> ingested = new ArrayList<>();
    private Fold fold;
    private boolean freed;

    TableTier(TaskTiers task, String name, Supplier<CodedTable> twins, boolean lookedUp) {
        this.task = task;
        this.tier = task.tier();
        this.allocator = task.allocator();
        this.name = name;
        this.twins = twins;
        this.lookedUp = lookedUp;
        tier.began();
    }

    /** Whether the table had better be given away, as memory is short and it holds a good part. */
    public boolean wants(long heldBytes, long growthBytes) {
        task.queue().check();
        return tier.wants(heldBytes, growthBytes);
    }

    /** Whether the table must be given away even at a bad time, as memory is spent or would be when it grows. */
    public boolean isUrgent(long growthBytes) {
        return tier.isUrgent(growthBytes);
    }

    /**
     * Whether the operator must wait before it takes more rows.
     *
     * @param growthBytes that its table may take with the next rows
     */
    public boolean isBehind(long growthBytes) {
        task.queue().check();
        return tier.isBehind(growthBytes);
    }

    /** Whether all rows are in memory. */
    public boolean isEmpty() {
        return runs().isEmpty();
    }

    /** Whether there may be rows with changes that nobody has been told of. */
    public boolean isChanged() {
        return runs().stream().anyMatch(TierRun::isChanged);
    }

    @Override
    public boolean isDropped() {
        return dropped;
    }

    @Override
    public List<TierRun> runs() {
        return runs.all();
    }

    @Override
    public List<TierRun> retainedRuns() {
        return runs.retained();
    }

    /**
     * Takes a table, which must not be copied for a checkpoint, and closes it when it is written.
     *
     * @param changed whether it may hold rows with changes that nobody has been told of
     */
    public void take(CodedTable table, boolean changed) {
        try {
            task.queue().check();
            table.table().detach();
        } catch (RuntimeException failure) {
            table.close();
            throw failure;
        }
        long rows = table.table().size();
        if (rows == 0) {
            table.close();
            return;
        }
        used = true;
        TierRun run = new TierRun(task.newNumber(), rows, changed, tier.newFile());
        runs.add(run);
        Leaving<CodedTable> leaving = new Leaving<>(tier, table, table.heldBytes());
        held.add(leaving);
        task.queue().submit(() -> write(run, leaving));
    }

    private void write(TierRun run, Leaving<CodedTable> leaving) {
        foldWhatIsDue();
        run.withBits(bitsFor(run.rows()));
        KillPoint.reach("tier.run.write");
        try (RunWriter writer = new RunWriter(tier, run, allocator, false, lookedUp)) {
            writer.append(leaving.part, task.queue()::isClosed);
            checkNotClosed();
            writer.finish();
        }
        KillPoint.reach("tier.run.written");
        held.letGo(leaving);
        tier.statistics().wrote(run.rows(), run.lengthBytes());
        ingest(run);
        beginFold();
    }

    private void checkNotClosed() {
        if (task.queue().isClosed()) {
            throw new MillraceException(ErrorCode.CANCELLED, name + ": its task has ended");
        }
    }

    private void ingest(TierRun run) {
        if (dropped) {
            return;
        }
        tier.ingest(task.column(), run);
        ingested.add(run);
        tier.statistics().runsOf(ingested.size());
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Folding
    // -----------------------------------------------------------------------------------------------------------------

    /** All runs as of when it began, on their way to be one. */
    private final class Fold implements AutoCloseable {
        final List<TierRun> from;
        final TierRun run;

        /** To be done for each table that is given away, so that it ends before there are too many. */
        final long rowsATable;

        MergingReader reader;
        RunWriter writer;
        CodedTable rows;
        boolean finished;

        Fold(List<TierRun> from) {
            this.from = from;
            this.run = foldedRun(from);
            this.rowsATable = run.rows() / FOLDED_RUNS;
            try {
                reader = new MergingReader(tier, allocator, from);
                boolean first = from.getFirst() == ingested.getFirst();
                writer = new RunWriter(tier, run, allocator, first, lookedUp);
                rows = twins.get();
            } catch (RuntimeException failure) {
                close();
                throw failure;
            }
        }

        /** Goes on; whether there is more to do. */
        boolean step() {
            boolean more = reader.read(rows, PIECE_ROWS);
            writer.append(rows, task.queue()::isClosed);
            rows.clear();
            KillPoint.reach("tier.fold.piece");
            if (!more) {
                finished = writer.finish();
            }
            return more;
        }

        @Override
        public void close() {
            for (AutoCloseable part : new AutoCloseable[] {reader, writer, rows}) {
                HeldParts.close(part);
            }
            if (!finished) {
                run.release();
            }
        }
    }

    private static boolean isChanged(List<TierRun> of) {
        return of.stream().anyMatch(TierRun::isChanged);
    }

    /** A run in the place of these: of as many keys as the largest has, or more. */
    private TierRun foldedRun(List<TierRun> from) {
        long rows = from.stream().mapToLong(TierRun::rows).sum();
        long most = from.stream().mapToLong(TierRun::rows).max().orElse(0);
        return new TierRun(task.newNumber(), rows, isChanged(from), tier.newFile())
                .withBits(bitsFor(Math.max(most, rows / 2)));
    }

    /**
     * How many bits the buckets of a run have: by its rows, but not much fewer than those of others, as they are merged
     * by the largest buckets.
     */
    private int bitsFor(long rows) {
        int own = BucketLayout.bitsFor(rows);
        int most = ingested.stream().mapToInt(TierRun::bits).max().orElse(0);
        return Math.max(own, most - MAX_BITS_FEWER);
    }

    private void beginFold() {
        int first = fold != null || dropped ? -1 : firstToFold();
        if (first < 0) {
            return;
        }
        Fold begun;
        try {
            begun = new Fold(List.copyOf(ingested.subList(first, ingested.size())));
        } catch (MillraceException failure) {
            waitForMemory(failure);
            return;
        }
        fold = begun;
        held.add(begun);
        task.queue().submitBackground(() -> fold(begun));
    }

    /**
     * The run from which on all are folded; -1 for none. All are when the first is small beside the others, which so
     * take no more than a few times what all keys do. Else the youngest are when enough of them are of about one size,
     * so that each row is folded once for each size there is, and there are few runs of each (as in the size-tiered
     * compaction of log-structured merge trees).
     */
    private int firstToFold() {
        int end = ingested.size();
        if (end < 2) {
            return -1;
        }
        long more = ingested.stream().skip(1).mapToLong(TierRun::lengthBytes).sum();
        if (more >= MAX_GROWTH * ingested.getFirst().lengthBytes()) {
            return 0;
        }
        int first = end;
        while (first > 1) {
            int level = level(ingested.get(first - 1));
            int sameSize = 0;
            while (first > 1 && level(ingested.get(first - 1)) <= level) {
                first--;
                sameSize++;
            }
            if (sameSize >= FOLDED_RUNS) {
                return first;
            }
        }
        return -1;
    }

    private static int level(TierRun run) {
        return (Long.SIZE - Long.numberOfLeadingZeros(run.lengthBytes() / SMALL_BYTES)) / BITS_A_LEVEL;
    }

    /** Before a table is written: some of the fold that runs, which else could wait for ever. */
    private void foldWhatIsDue() {
        Fold of = fold;
        if (of == null) {
            return;
        }
        for (long rows = 0; rows < of.rowsATable && fold == of; rows += PIECE_ROWS) {
            checkNotClosed();
            fold(of);
        }
    }

    /** Nothing is folded while there is no room for it, until there are too many runs. */
    private void waitForMemory(MillraceException failure) {
        if (failure.code() != ErrorCode.OUT_OF_MEMORY || ingested.size() >= MOST_RUNS) {
            throw failure;
        }
    }

    private boolean fold(Fold of) {
        if (fold != of) {
            return false;
        }
        try {
            if (of.step()) {
                return true;
            }
        } catch (MillraceException failure) {
            waitForMemory(failure);
            abandonFold();
            return false;
        }
        TierRun folded = of.finished ? of.run : null;
        tier.statistics().folded(of.run.lengthBytes());
        List<TierRun> from = of.from;
        abandonFold();
        replace(from, folded);
        return false;
    }

    private void abandonFold() {
        Fold ended = fold;
        fold = null;
        if (ended != null) {
            held.letGo(ended);
        }
    }

    /** Puts one run in the place of some neighbours; null for none. */
    private void replace(List<TierRun> from, TierRun folded) {
        KillPoint.reach("tier.fold.replace");
        int first = from.isEmpty() ? 0 : ingested.indexOf(from.getFirst());
        if (folded != null && !dropped) {
            try {
                tier.ingest(task.column(), folded);
            } catch (RuntimeException failure) {
                folded.endLookups();
                folded.release();
                throw failure;
            }
        }
        ingested = RunList.replaced(ingested, first, from.size(), folded);
        runs.replace(first, from.size(), folded);
        remove(from);
        KillPoint.reach("tier.fold.replaced");
    }

    /** Of runs that are done with here; checkpoints may still be copying them. */
    private void remove(List<TierRun> done) {
        task.remove(done);
        for (TierRun run : done) {
            run.endLookups();
            run.release();
        }
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Reading
    // -----------------------------------------------------------------------------------------------------------------

    /** Begins to read all rows; whatever is in memory was given away before, and nothing is until it is closed. */
    public TierScan scan() {
        return new TierScan(task, List.of(this), false);
    }

    /**
     * As {@link #scan}, but what is read is written again when it is given back, as it then is, and takes the place of
     * all there was when the scan is done.
     */
    public TierScan rewrite() {
        return new TierScan(task, List.of(this), true);
    }

    /** Begins to read all rows of several tables of one task, merged. */
    public static TierScan scan(List<TableTier> tables) {
        return new TierScan(tables.getFirst().task, tables, false);
    }

    /** How many keys had better be looked up at once, at the most. */
    public int keysAtOnce() {
        return tier.keysAtOnce();
    }

    /**
     * Begins to look up the keys of some rows of a table.
     *
     * @param rowsAddress of i64 addresses
     */
    public TierLookup lookup(CodedTable of, long rowsAddress, int count) {
        return new TierLookup(task, this, of, rowsAddress, count);
    }

    CodedTable twin() {
        return twins.get();
    }

    /** Holds something until it is let go, or the task ends. */
    void hold(AutoCloseable object) {
        held.add(object);
    }

    /** Frees what was held, unless it was already. */
    void free(AutoCloseable object) {
        held.letGo(object);
    }

    /** On an I/O thread: what there is to be read, the oldest first. */
    List<TierRun> ingested() {
        return List.copyOf(ingested);
    }

    boolean isLookedUp() {
        return lookedUp;
    }

    String name() {
        return name;
    }

    /** On an I/O thread: the run that a scan writes in the place of all; null when there is none. */
    TierRun beginRewrite() {
        abandonFold();
        return ingested.isEmpty() ? null : foldedRun(ingested);
    }

    /** On an I/O thread: it is written, or nothing was left. */
    void endRewrite(TierRun run) {
        TierRun clean = run;
        if (run != null && run.isChanged()) {
            clean = new TierRun(run.number(), run.rows(), false, run.path()).withBits(run.bits());
            clean.written(run.lengthBytes());
            clean.foundAs(run);
        }
        tier.statistics().folded(clean == null ? 0 : clean.lengthBytes());
        replace(List.copyOf(ingested), clean);
    }

    // -----------------------------------------------------------------------------------------------------------------
    // Coming and going
    // -----------------------------------------------------------------------------------------------------------------

    /** Goes on with runs of a checkpoint. Blocks. */
    public void restore(List<RestoredRun> restored, StateFiles files) {
        tier.prepare();
        used = true;
        if (restored.stream().anyMatch(RestoredRun::isByBucket)
                || !task.claim(restored.stream().map(RestoredRun::number).toList())) {
            restore(List.of(restored), files, null, null);
            return;
        }
        List<TierRun> all = new ArrayList<>();
        List<RunFiles.Check> unchecked = new ArrayList<>();
        for (RestoredRun one : restored) {
            TierRun run = copyOf(one);
            all.add(run);
            runs.add(run);
            if (!RunFiles.takeBack(one.file(), files, run, true)) {
                unchecked.add(task.newCheck(one.file(), files));
            }
            try {
                ingest(run);
            } catch (MillraceException failure) {
                throw task.explain(failure);
            }
        }
        if (lookedUp) {
            all.forEach(run -> task.queue().submit(() -> readIndex(run)));
            all.forEach(run -> task.queue().submitBackground(() -> readFilter(run)));
        }
        unchecked.forEach(task::begin);
    }

    private void readIndex(TierRun run) {
        if (!freed && ingested.contains(run)) {
            try (BucketReader reader = BucketReader.ofAll(tier, allocator, run)) {
                run.foundBy(run.filter(), tier.indexToUse(run, reader.readIndex()));
            }
        }
    }

    /** Not before results are due: it is all over the file. */
    private boolean readFilter(TierRun run) {
        if (!freed && ingested.contains(run)) {
            try (BucketReader reader = BucketReader.ofAll(tier, allocator, run)) {
                run.foundBy(reader.readFilter(tier), run.index());
            }
        }
        return false;
    }

    private TierRun copyOf(RestoredRun one) {
        return new TierRun(one.number(), one.rows(), one.changed(), tier.newFile())
                .withBits(one.bits())
                .byBucket(one.isByBucket());
    }

    /**
     * Goes on with runs of several tasks, or of rows that were others, written anew. Blocks.
     *
     * @param clip says which keys are this task's; null when all are
     * @param conversion makes the rows what they are now; null when they are
     */
    public void restore(List<List<RestoredRun>> ofTasks, StateFiles files, KeyClip clip, RowConversion conversion) {
        restore(ofTasks, files, clip, conversion, null);
    }

    /**
     * As the other, of rows whose keys were others too, so that they lie in another order.
     *
     * @param move takes them to the keys they have; null when they have them
     */
    public void restore(
            List<List<RestoredRun>> ofTasks, StateFiles files, KeyClip clip, RowConversion conversion, KeyMove move) {
        tier.prepare();
        used = true;
        List<TierRun> copies = new ArrayList<>();
        List<RunFiles.Check> unchecked = new ArrayList<>();
        long rows = 0;
        boolean changed = false;
        try {
            for (List<RestoredRun> ofTask : ofTasks) {
                for (RestoredRun one : ofTask) {
                    TierRun copy = copyOf(one);
                    copies.add(copy);
                    if (!RunFiles.takeBack(one.file(), files, copy, true)) {
                        unchecked.add(task.newCheck(one.file(), files));
                    }
                    rows += one.rows();
                    changed |= one.changed();
                }
            }
            MergingReader reader = new MergingReader(tier, allocator, copies, conversion);
            if (move != null) {
                move(reader, move, changed);
            } else {
                long own = rows / Math.max(1, clip == null ? 1 : ofTasks.size());
                TierRun run = new TierRun(task.newNumber(), rows, changed, tier.newFile()).withBits(bitsFor(own));
                if (clip(reader, clip, run)) {
                    runs.add(run);
                    ingest(run);
                }
            }
            unchecked.forEach(task::begin);
        } finally {
            copies.forEach(TierRun::release);
        }
    }

    /** Writes the task's own rows; whether there were any. */
    private boolean clip(MergingReader all, KeyClip clip, TierRun own) {
        try (MergingReader reader = all;
                RunWriter writer = new RunWriter(tier, own, allocator, true, lookedUp);
                CodedTable rows = twins.get();
                RowList list = new RowList(allocator, PIECE_ROWS)) {
            boolean more = true;
            while (more) {
                more = reader.read(rows, PIECE_ROWS);
                list.clear();
                rows.table().scan(0, Integer.MAX_VALUE, list);
                if (clip != null) {
                    clip.keepOwn(rows.table(), list);
                }
                writer.append(rows, list.address(), list.size());
                rows.clear();
            }
            return writer.finish();
        }
    }

    /** Writes the task's own rows by the keys they have now: a run whenever there is no room for more. */
    private void move(MergingReader all, KeyMove move, boolean changed) {
        try (MergingReader reader = all;
                CodedTable before = move.before(twins.get());
                CodedTable after = twins.get()) {
            boolean more = true;
            while (more) {
                more = reader.read(before, PIECE_ROWS);
                move.move(before, after);
                before.clear();
                long held = after.heldBytes();
                if (!more || tier.wants(held, held)) {
                    writeOldest(after, changed);
                    after.clear();
                }
            }
        }
    }

    /** Appends a run of keys that no other has. */
    private void writeOldest(CodedTable rows, boolean changed) {
        long count = rows.table().size();
        TierRun run = new TierRun(task.newNumber(), count, changed, tier.newFile()).withBits(bitsFor(count));
        try (RunWriter writer = new RunWriter(tier, run, allocator, true, lookedUp)) {
            writer.append(rows, () -> false);
            if (!writer.finish()) {
                return;
            }
        }
        runs.add(run);
        ingest(run);
    }

    /** The table is done with: its files go when nobody needs them any more. */
    public void drop() {
        dropped = true;
        if (!used) {
            free();
            task.dropped(this);
            return;
        }
        task.queue()
                .submit(() -> {
                    free();
                    task.dropped(this);
                });
    }

    @Override
    public void free() {
        if (freed) {
            return;
        }
        freed = true;
        dropped = true;
        tier.ended();
        fold = null;
        held.letAllGo();
        task.remove(ingested);
        for (TierRun run : runs()) {
            run.endLookups();
            run.release();
        }
    }
}
