package io.millrace.engine.view;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.memory.types.Schema;

/** A materialized view: what a job keeps of a query's result, readable at any time. Thread-safe. */
public final class View {
    private final ViewDefinition definition;
    private final ViewGroup group;
    private final int index;
    private volatile ChangelogKind inputKind;

    View(ViewDefinition definition, ViewGroup group, int index) {
        this.definition = definition;
        this.group = group;
        this.index = index;
    }

    public String name() {
        return definition.name();
    }

    public Schema schema() {
        return definition.schema();
    }

    public ViewDefinition definition() {
        return definition;
    }

    public ViewGroup group() {
        return group;
    }

    /** Its rows are written through this; one execution at a time. */
    public Sink sink() {
        return new ViewSink(this);
    }

    /**
     * Rows of the current epoch: at most {@code limit}, after leaving out {@code offset}, in no particular order. The
     * caller closes the page.
     */
    public ViewPage read(long limit, long offset) {
        if (limit < 0 || offset < 0) {
            throw new IllegalArgumentException(
                    "expected limit, offset >= 0, found limit=" + limit + " offset=" + offset);
        }
        return ViewPage.read(this, group.hold(), limit, offset);
    }

    /**
     * Rows of the current epoch that were written since an earlier page was read: each that came or changed, and maybe
     * some that only moved, in no particular order. Costs time in proportion to them, not to the view. Rows that went
     * are not told of. The caller closes the page.
     *
     * @param earlier a page of this view, closed or not
     */
    public ViewPage readWrittenSince(ViewPage earlier) {
        return ViewPage.readWrittenSince(this, group.hold(), earlier);
    }

    int index() {
        return index;
    }

    void inputKind(ChangelogKind kind) {
        inputKind = kind;
    }

    /** Whether a row, once there, stays as it is. */
    boolean isAppendOnly() {
        return inputKind == ChangelogKind.APPEND && definition.primaryKey().isEmpty();
    }

    /** The column that tells when a row is final, or -1. */
    int finalColumn() {
        return definition.finalColumn();
    }

    /** The least value of {@link #finalColumn} that is not final at this frontier. */
    long openFromMicros(long frontierMicros) {
        if (frontierMicros == Long.MIN_VALUE || frontierMicros == Long.MAX_VALUE) {
            return frontierMicros;
        }
        return frontierMicros - definition.finalLagMicros() + 1;
    }
}
