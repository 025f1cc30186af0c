package io.millrace.engine.view;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The views of one job, published together: an epoch becomes visible when every writer of every view has handed over
 * its share of it. Writers meet under a short lock once an epoch; readers only follow one reference.
 */
public final class ViewGroup implements AutoCloseable {
    private final String jobName;
    private final Allocator allocator;
    private final Clock clock;
    private final List<View> views = new ArrayList<>();

    /** By view; null until its sink was started. */
    private final List<List<Shard>> shards = new ArrayList<>();

    private volatile ViewEpoch current;
    private volatile Runnable listener = () -> {};
    private boolean started;
    private boolean closed;

    /** One writer's deliveries that were not published yet. */
    private static final class Shard {
        private final Deque<Pending> waiting = new ArrayDeque<>();
        private ShardVersion published = ShardVersion.EMPTY;
        private boolean ended;

        boolean isBehind() {
            return waiting.isEmpty() && !ended;
        }
    }

    private record Pending(long epoch, ShardDelivery delivery) {}

    ViewGroup(String jobName, Allocator allocator, Clock clock) {
        this.jobName = jobName;
        this.allocator = allocator;
        this.clock = clock;
        this.current = new ViewEpoch(0, List.of(), clock.nanoTime(), false);
    }

    public String jobName() {
        return jobName;
    }

    /** The group's views, in the order they were declared. */
    public synchronized List<View> views() {
        return List.copyOf(views);
    }

    /** Is called on a worker after each publication; must return at once. */
    public void onPublished(Runnable newListener) {
        listener = newListener;
    }

    synchronized View add(ViewDefinition definition) {
        if (started) {
            throw MillraceException.internal("view " + definition.name() + " added to the running job " + jobName);
        }
        View view = new View(definition, this, views.size());
        views.add(view);
        shards.add(null);
        ViewEpoch before = current;
        current =
                new ViewEpoch(
                        0, views.stream().map(v -> List.of(ShardVersion.EMPTY)).toList(), clock.nanoTime(), false);
        before.release();
        return view;
    }

    Allocator allocator() {
        return allocator;
    }

    Clock clock() {
        return clock;
    }

    synchronized void start(int view, int writerCount) {
        started = true;
        if (shards.get(view) != null) {
            throw MillraceException.internal("view " + views.get(view).name() + " started twice");
        }
        List<Shard> made = new ArrayList<>();
        for (int i = 0; i < writerCount; i++) {
            made.add(new Shard());
        }
        shards.set(view, made);
    }

    /** The current epoch, held for the caller, who releases it. */
    ViewEpoch hold() {
        while (true) {
            ViewEpoch epoch = current;
            if (epoch.tryRetain()) {
                return epoch;
            }
            if (epoch == current) {
                throw new MillraceException(ErrorCode.UNKNOWN_TABLE, "the views of job " + jobName + " were dropped");
            }
        }
    }

    /** Takes a writer's share of an epoch, and publishes when it was the last. */
    void deliver(int view, int shard, long epoch, ShardDelivery delivery) {
        boolean published = false;
        synchronized (this) {
            Shard target = shards.get(view).get(shard);
            target.waiting.add(new Pending(epoch, delivery));
            target.ended = delivery.ended();
            while (isComplete()) {
                publish();
                published = true;
            }
        }
        if (published) {
            listener.run();
        }
    }

    private boolean isComplete() {
        boolean any = false;
        for (List<Shard> ofView : shards) {
            if (ofView == null || ofView.stream().anyMatch(Shard::isBehind)) {
                return false;
            }
            any |= ofView.stream().anyMatch(shard -> !shard.waiting.isEmpty());
        }
        return any;
    }

    private void publish() {
        long epoch = Long.MAX_VALUE;
        for (List<Shard> ofView : shards) {
            for (Shard shard : ofView) {
                epoch = shard.waiting.isEmpty() ? epoch : Math.min(epoch, shard.waiting.getFirst().epoch());
            }
        }
        List<Batch> retired = new ArrayList<>();
        List<List<ShardVersion>> versions = new ArrayList<>();
        boolean finished = true;
        for (List<Shard> ofView : shards) {
            List<ShardVersion> published = new ArrayList<>(ofView.size());
            for (Shard shard : ofView) {
                take(shard, epoch, retired);
                published.add(shard.published);
                finished &= shard.ended && shard.waiting.isEmpty();
            }
            versions.add(List.copyOf(published));
        }
        ViewEpoch before = current;
        ViewEpoch after =
                new ViewEpoch(Math.max(epoch, before.epoch() + 1), List.copyOf(versions), clock.nanoTime(), finished);
        before.succeed(after, retired);
        current = after;
        before.release();
    }

    private static void take(Shard shard, long epoch, List<Batch> retired) {
        while (!shard.waiting.isEmpty() && shard.waiting.getFirst().epoch() <= epoch) {
            ShardDelivery delivery = shard.waiting.removeFirst().delivery();
            shard.published = delivery.version();
            delivery.retired().forEach(segment -> retired.add(segment.batch()));
        }
    }

    /** Drops the views: frees the current epoch as soon as no reader holds it. The job must have ended. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Set<Batch> unpublished = Collections.newSetFromMap(new IdentityHashMap<>());
        for (List<Shard> ofView : shards) {
            if (ofView != null) {
                ofView.forEach(shard ->
                        shard.waiting.forEach(pending ->
                                pending.delivery().added().forEach(segment -> unpublished.add(segment.batch()))));
            }
        }
        unpublished.forEach(Batch::close);
        List<Batch> all = new ArrayList<>();
        for (List<ShardVersion> ofView : current.versions()) {
            ofView.forEach(version -> version.segments().forEach(segment -> all.add(segment.batch())));
        }
        current.succeed(null, all);
        current.release();
    }
}
