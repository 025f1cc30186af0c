package io.millrace.engine.view;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What one statement reads of views: for each group one epoch, held from its first use until this is closed, so that
 * all its views agree. Thread-safe.
 */
public final class ViewReads implements AutoCloseable {
    private final Map<ViewGroup, ViewEpoch> epochs = new IdentityHashMap<>();
    private boolean closed;

    /** The view's rows as a bounded table; lives as long as this. */
    public ViewSource source(View view) {
        return new ViewSource(view, epochOf(view.group()));
    }

    private synchronized ViewEpoch epochOf(ViewGroup group) {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        return epochs.computeIfAbsent(group, ViewGroup::hold);
    }

    @Override
    public synchronized void close() {
        closed = true;
        epochs.values().forEach(ViewEpoch::release);
        epochs.clear();
    }
}
