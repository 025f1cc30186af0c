package io.millrace.connectors.kafka;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceReader;
import io.millrace.memory.batch.BatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The partitions of one task. While the records of one fetch are decoded the next fetch runs, so at most two are in
 * memory. A worker's.
 */
final class KafkaReader implements SourceReader {
    /** A batch whose strings have grown to this is emitted before it has all its rows. */
    private static final long MAX_BATCH_BYTES = 4 << 20;

    private enum Phase {
        /** Splits were not opened yet. */
        NEW,
        /** Reading. */
        OPEN,
        /** All splits were closed, and none can follow. */
        ENDED
    }

    private final KafkaRun run;
    private final int index;
    private final ReaderContext context;
    private final Map<Integer, PartitionState> states = new HashMap<>();
    private final List<PartitionState> order = new ArrayList<>();
    private final Map<Integer, Long> toAssign = new HashMap<>();
    private final Fetcher fetcher;
    private BatchBuilder builder;
    private RecordRows rows;
    private IoTask<Fetched> fetching;
    private IoTask<Fetched> announced;
    private Phase phase = Phase.NEW;
    private int turn;
    private long nextDiscoveryNanos;

    KafkaReader(KafkaRun run, int index, ReaderContext context) {
        this.run = run;
        this.index = index;
        this.context = context;
        this.fetcher = new Fetcher(run, run.table(), context.io(), context.clock());
    }

    @Override
    public Poll poll(SourceOutput output) {
        if (phase == Phase.NEW) {
            open(output);
        }
        if (phase == Phase.ENDED) {
            return Poll.FINISHED;
        }
        boolean moved = adoptNewPartitions(output);
        moved |= takeFetched(output);
        boolean pending = emitOne(output);
        if (hasEnded()) {
            phase = Phase.ENDED;
            fetcher.close();
            return Poll.FINISHED;
        }
        if (fetching == null) {
            fetch();
        }
        return moved || pending ? Poll.ACTIVE : Poll.IDLE;
    }

    private void open(SourceOutput output) {
        builder = new BatchBuilder(context.allocator(), run.decodedSchema(), context.batchRows());
        rows = new RecordRows(run, builder, context.allocator());
        begin();
        order.forEach(state -> openSplit(output, state));
        nextDiscoveryNanos = context.clock().nanoTime() + run.discoveryNanos();
        phase = order.isEmpty() ? Phase.ENDED : Phase.OPEN;
        closeEnded(output);
    }

    /** Takes the partitions it begins with; they have positions before their splits are open. */
    private void begin() {
        if (phase == Phase.NEW && order.isEmpty()) {
            run.startsOf(index).forEach((partition, start) -> add(partition, start, run.endOf(partition)));
        }
    }

    private PartitionState add(int partition, long start, long end) {
        PartitionState state = new PartitionState(partition, start, end);
        states.put(partition, state);
        order.add(state);
        toAssign.put(partition, start);
        return state;
    }

    private void openSplit(SourceOutput output, PartitionState state) {
        output.openSplit(state.partition, Long.MIN_VALUE);
        if (!run.isStage()) {
            output.declared(state.partition);
        }
    }

    private boolean adoptNewPartitions(SourceOutput output) {
        List<Integer> added = run.newPartitionsOf(index, states.keySet());
        for (int partition : added) {
            openSplit(output, add(partition, Fetcher.EARLIEST, PartitionState.NO_END));
        }
        return !added.isEmpty();
    }

    private boolean takeFetched(SourceOutput output) {
        if (fetching == null || !fetching.isDone()) {
            return false;
        }
        if (hasReadable()) {
            announce(output);
            return false;
        }
        Fetched fetched = fetching.result();
        fetching = null;
        boolean moved = false;
        fetched.ends().forEach((partition, end) -> states.get(partition).end = end);
        for (Fetched.Part part : fetched.parts()) {
            PartitionState state = states.get(part.partition());
            if (state.closed) {
                continue;
            }
            state.take(part);
            moved |= state.hasPending();
            if (state.hasPending()) {
                output.somethingToRead(part.partition());
            } else if (state.lag == 0 && !state.paused && fetched.answered()) {
                output.nothingToRead(part.partition());
            }
        }
        reportLag();
        closeEnded(output);
        return moved;
    }

    /** Says what waits in the fetch that has ended, before rows of other partitions go out that may be later. */
    private void announce(SourceOutput output) {
        if (announced == fetching) {
            return;
        }
        announced = fetching;
        for (Fetched.Part part : fetching.result().parts()) {
            if (!part.records().isEmpty() && !states.get(part.partition()).closed) {
                output.somethingToRead(part.partition());
            }
        }
    }

    private void reportLag() {
        long lag = 0;
        boolean present = true;
        for (PartitionState state : order) {
            present &= state.isInThePresent();
            boolean unknown = state.lag < 0 && !state.closed;
            lag = unknown || lag < 0 ? -1 : lag + Math.max(0, state.lag) + state.pending.size() - state.pendingIndex;
        }
        run.lag(index, lag);
        if (present) {
            run.reachedPresent(index);
        }
    }

    private boolean hasReadable() {
        for (PartitionState state : order) {
            if (state.hasPending() && !state.paused) {
                return true;
            }
        }
        return false;
    }

    /** Decodes up to a batch of one partition's records; whether there were any. */
    private boolean emitOne(SourceOutput output) {
        if (output.isFull()) {
            return false;
        }
        for (int i = 0; i < order.size(); i++) {
            PartitionState state = order.get((turn + i) % order.size());
            if (state.hasPending() && !state.paused) {
                decode(state, output);
                if (!state.hasPending()) {
                    turn = (turn + i + 1) % order.size();
                    if (!state.closed && !state.isAtEnd() && state.lag == 0) {
                        output.nothingToRead(state.partition);
                    }
                }
                closeEnded(output);
                return true;
            }
        }
        return false;
    }

    private void decode(PartitionState state, SourceOutput output) {
        List<ConsumerRecord<Void, ByteBuffer>> pending = state.pending;
        RecordRows to = rows;
        int limit = context.batchRows();
        int count = pending.size();
        long end = state.end;
        long bytes = 0;
        int appended = 0;
        int at = state.pendingIndex;
        for (; at < count && appended < limit && bytes < MAX_BATCH_BYTES; at++) {
            ConsumerRecord<Void, ByteBuffer> record = pending.get(at);
            if (record.offset() >= end) {
                break;
            }
            String reason = to.append(record);
            if (reason == null) {
                appended++;
            } else {
                output.bad(bad(record, reason));
            }
            bytes += record.serializedValueSize();
        }
        state.passedTo(at);
        run.read(appended, bytes);
        if (appended > 0) {
            output.emit(state.partition, run.order().arrange(builder.build(), run.projectedSchema()));
        }
    }

    private static BadRecord bad(ConsumerRecord<Void, ByteBuffer> record, String reason) {
        byte[] raw = new byte[0];
        if (record.value() != null) {
            ByteBuffer value = record.value().duplicate();
            raw = new byte[Math.min(BadRecord.MAX_RAW_BYTES, value.remaining())];
            value.get(raw);
        }
        return new BadRecord(record.topic() + "-" + record.partition(), record.offset(), reason, raw);
    }

    private void closeEnded(SourceOutput output) {
        for (PartitionState state : order) {
            if (!state.closed && state.isAtEnd()) {
                state.closed = true;
                state.paused = true;
                state.dropPending();
                output.closeSplit(state.partition);
            }
        }
    }

    private boolean hasEnded() {
        for (PartitionState state : order) {
            if (!state.closed) {
                return false;
            }
        }
        return run.isClosedToPartitions();
    }

    private void fetch() {
        long now = context.clock().nanoTime();
        boolean draining = run.isDraining();
        boolean discover = index == 0 && run.discoveryNanos() > 0 && now >= nextDiscoveryNanos && !draining;
        if (discover) {
            nextDiscoveryNanos = now + run.discoveryNanos();
        }
        Set<Integer> paused = new HashSet<>();
        Set<Integer> endsOf = new HashSet<>();
        boolean all = true;
        for (PartitionState state : order) {
            if (state.paused) {
                paused.add(state.partition);
            }
            all &= state.paused;
            if (draining && state.end == PartitionState.NO_END) {
                endsOf.add(state.partition);
            }
        }
        if (all && endsOf.isEmpty() && toAssign.isEmpty() && !discover) {
            return;
        }
        fetching = fetcher.fetch(new Fetcher.Wish(Map.copyOf(toAssign), paused, endsOf, discover));
        toAssign.clear();
    }

    /** Ends a waiting fetch early, so that what has changed is seen at once. Any thread. */
    void wakeUp() {
        fetcher.wakeUp();
    }

    @Override
    public void pauseSplit(int split) {
        states.get(split).paused = true;
    }

    @Override
    public void resumeSplit(int split) {
        PartitionState state = states.get(split);
        boolean resumed = state.paused && !state.closed;
        state.paused = state.closed;
        if (resumed && fetching != null && !state.hasPending()) {
            // The fetch under way brings nothing of it.
            fetcher.wakeUp();
        }
    }

    @Override
    public String originOf(int split) {
        return run.table().topic() + "-" + split;
    }

    @Override
    public byte[] snapshot() {
        begin();
        return TopicProgress.toBytes(run.topicId(), order);
    }

    @Override
    public void close() {
        fetcher.close();
        if (rows != null) {
            rows.close();
            rows = null;
        }
        if (builder != null) {
            builder.close();
        }
    }
}
