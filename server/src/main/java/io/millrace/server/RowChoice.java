package io.millrace.server;

import io.millrace.engine.view.ViewPage;
import io.millrace.memory.batch.Batch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Chooses the first rows of a page in some order, in one pass that keeps only those. Valid as long as the page. */
final class RowChoice implements ViewPage.RowVisitor {
    private final RowOrder order;
    private final String result;
    private final int keepRows;
    private final int skipRows;
    private final PriorityQueue<Entry> kept;
    private final List<Entry> unordered = new ArrayList<>();
    private long visited;

    /** A row; {@code number} keeps the order of a page among equals. */
    private record Entry(Batch batch, int row, boolean isFinal, long number) {}

    /** {@code result}: partial, final, or empty for both. */
    RowChoice(RowOrder order, String result, int limitRows, int offsetRows) {
        this.order = order;
        this.result = result;
        this.keepRows = limitRows + offsetRows;
        this.skipRows = offsetRows;
        this.kept = new PriorityQueue<>(this::compareBackwards);
    }

    private int compare(Entry left, Entry right) {
        int compared = order.compare(left.batch(), left.row(), right.batch(), right.row());
        return compared != 0 ? compared : Long.compare(left.number(), right.number());
    }

    private int compareBackwards(Entry left, Entry right) {
        return compare(right, left);
    }

    @Override
    public void row(Batch batch, int row, boolean isFinal) {
        if (keepRows == 0 || (!result.isEmpty() && isFinal != result.equals("final"))) {
            return;
        }
        visited++;
        if (order.isNone()) {
            if (unordered.size() < keepRows) {
                unordered.add(new Entry(batch, row, isFinal, visited));
            }
            return;
        }
        if (kept.size() < keepRows) {
            kept.add(new Entry(batch, row, isFinal, visited));
        } else if (order.compare(batch, row, kept.peek().batch(), kept.peek().row()) < 0) {
            kept.poll();
            kept.add(new Entry(batch, row, isFinal, visited));
        }
    }

    /** Visits the chosen rows in their order. */
    void forEach(ViewPage.RowVisitor visitor) {
        List<Entry> rows = unordered;
        if (!order.isNone()) {
            rows = new ArrayList<>(kept);
            Comparator<Entry> byOrder = this::compare;
            rows.sort(byOrder);
        }
        for (int i = skipRows; i < rows.size(); i++) {
            Entry entry = rows.get(i);
            visitor.row(entry.batch(), entry.row(), entry.isFinal());
        }
    }
}
