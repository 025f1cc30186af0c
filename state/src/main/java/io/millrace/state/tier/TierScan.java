package io.millrace.state.tier;

import io.millrace.state.table.CodedTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * All rows of a table's tier, or of several merged, some at a time, each key once. The worker takes a piece with {@link
 * #poll}, looks at it or changes its rows, and gives it back; meanwhile the next is read.
 */
public final class TierScan implements AutoCloseable {
    private static final int PIECE_ROWS = 4 << 10;
    private static final int PIECES = 2;

    private final TaskTiers task;
    private final List<TableTier> tables;
    private final boolean rewrites;

    private final Object guard = new Object();
    private final Queue<CodedTable> filled = new ArrayDeque<>();
    private final Queue<CodedTable> toFill = new ArrayDeque<>();
    private final Queue<CodedTable> toWrite = new ArrayDeque<>();
    private int out;
    private volatile boolean done;
    private final Parts parts = new Parts();

    // Of the I/O thread that runs.
    private TierRun run;
    private boolean read;
    private boolean begun;

    /** What is freed when nobody needs it any more. */
    private static final class Parts implements AutoCloseable {
        final List<CodedTable> pieces = new ArrayList<>();
        MergingReader reader;
        RunWriter writer;

        void endReading() {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }

        void endWriting() {
            if (writer != null) {
                writer.close();
                writer = null;
            }
        }

        @Override
        public void close() {
            endReading();
            endWriting();
            pieces.forEach(CodedTable::close);
        }
    }

    TierScan(TaskTiers task, List<TableTier> tables, boolean rewrites) {
        this.task = task;
        this.tables = List.copyOf(tables);
        this.rewrites = rewrites;
        owner().hold(parts);
        task.queue().submit(this::advance);
    }

    private TableTier owner() {
        return tables.getFirst();
    }

    /** A piece, to be given back; null when none is there yet, or no more will be. */
    public CodedTable poll() {
        task.queue().check();
        synchronized (guard) {
            CodedTable piece = filled.poll();
            if (piece != null) {
                out++;
            }
            return piece;
        }
    }

    /** Takes a piece back. */
    public void giveBack(CodedTable piece) {
        synchronized (guard) {
            out--;
            (rewrites ? toWrite : toFill).add(piece);
        }
        task.queue().submit(this::advance);
    }

    /** Whether all was polled and given back, and is written when it had to be. */
    public boolean isDone() {
        task.queue().check();
        synchronized (guard) {
            return done;
        }
    }

    /** Reads and writes what there is to. */
    private void advance() {
        if (done) {
            return;
        }
        if (!begun) {
            begun = true;
            begin();
        }
        CodedTable piece;
        while ((piece = next(toWrite)) != null) {
            parts.writer.append(piece, task.queue()::isClosed);
            piece.clear();
            give(toFill, piece);
        }
        while (!read && (piece = next(toFill)) != null) {
            piece.clear();
            read = parts.reader == null || !parts.reader.read(piece, PIECE_ROWS);
            give(piece.table().size() > 0 ? filled : toFill, piece);
        }
        boolean ended;
        synchronized (guard) {
            ended = read && filled.isEmpty() && out == 0 && toWrite.isEmpty();
        }
        if (ended) {
            end();
        }
    }

    private CodedTable next(Queue<CodedTable> queue) {
        synchronized (guard) {
            return queue.poll();
        }
    }

    private void give(Queue<CodedTable> queue, CodedTable piece) {
        synchronized (guard) {
            queue.add(piece);
        }
    }

    private void begin() {
        for (int i = 0; i < PIECES; i++) {
            CodedTable piece = owner().twin();
            parts.pieces.add(piece);
            give(toFill, piece);
        }
        if (rewrites) {
            run = owner().beginRewrite();
            parts.writer =
                    run == null ? null : new RunWriter(task.tier(), run, task.allocator(), true, owner().isLookedUp());
        }
        List<TierRun> inputs = tables.stream().flatMap(table -> table.ingested().stream()).toList();
        if (!inputs.isEmpty()) {
            parts.reader = new MergingReader(task.tier(), task.allocator(), inputs);
        }
    }

    private void end() {
        parts.endReading();
        if (parts.writer != null) {
            boolean any = parts.writer.finish();
            parts.endWriting();
            owner().endRewrite(any ? run : null);
        }
        done = true;
    }

    /** Ends it, done or not; pieces that were not given back are void. */
    @Override
    public void close() {
        task.queue()
                .submit(() -> {
                    done = true;
                    owner().free(parts);
                });
    }
}
