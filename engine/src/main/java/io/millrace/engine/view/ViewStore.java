package io.millrace.engine.view;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.sql.names.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All materialized views of an engine, by name. Thread-safe. */
public final class ViewStore implements AutoCloseable {
    private final Allocator allocator;
    private final Clock clock;
    private final Map<String, View> views = new LinkedHashMap<>();
    private final List<ViewGroup> groups = new ArrayList<>();

    /** A store whose rows are charged to a child of {@code parent}. */
    public ViewStore(Allocator parent, Clock clock) {
        this.allocator = parent.child("views");
        this.clock = clock;
    }

    /** An empty group, for one job. */
    public synchronized ViewGroup newGroup(String jobName) {
        ViewGroup group = new ViewGroup(jobName, allocator, clock);
        groups.add(group);
        return group;
    }

    /** Declares a view of the group. Fails with ALREADY_EXISTS when there is one of this name. */
    public synchronized View add(ViewGroup group, ViewDefinition definition) {
        if (views.containsKey(definition.name())) {
            throw new MillraceException(ErrorCode.ALREADY_EXISTS, "materialized view " + definition.name() + " exists")
                    .withHelp("Drop it first, or use another name.");
        }
        View view = group.add(definition);
        views.put(definition.name(), view);
        return view;
    }

    public synchronized Optional<View> find(String name) {
        return Optional.ofNullable(views.get(name));
    }

    /** The view, or UNKNOWN_TABLE with the nearest name. */
    public synchronized View require(String name) {
        View view = views.get(name);
        if (view == null) {
            throw new MillraceException(ErrorCode.UNKNOWN_TABLE, "no materialized view " + name)
                    .withHelp(NearestName.help(name, views.keySet(), "The views are " + views.keySet() + "."));
        }
        return view;
    }

    public synchronized List<View> views() {
        return List.copyOf(views.values());
    }

    /** Forgets the group's views and frees them as readers let go. Its job must have ended. */
    public synchronized void drop(ViewGroup group) {
        group.views().forEach(view -> views.remove(view.name(), view));
        groups.remove(group);
        group.close();
    }

    /** Forgets one view's name; its rows live as long as its group. */
    public synchronized void forget(String name) {
        views.remove(name);
    }

    /** Drops everything; no job may run. Fails when memory of a view is still held. */
    @Override
    public synchronized void close() {
        List.copyOf(groups).forEach(this::drop);
        allocator.close();
    }
}
