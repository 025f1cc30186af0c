package io.millrace.benchmarks.flink;

import io.millrace.benchmarks.keyed.KeyedEvents;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Counts and sums by key in a value state: one get and one put for each row or, with a bundle, for each key of a
 * bundle, as Flink's own SQL does with {@code table.exec.mini-batch}. Emits each new result at once, or all of them at
 * the end of the input. An operator and no process function, which would only add to a row's way.
 */
final class CountOperator extends AbstractStreamOperator<Counted>
        implements OneInputStreamOperator<Event, Counted>, BoundedOneInput {
    private static final long serialVersionUID = 1;

    private static final String STATE = "counted";
    private static final int MAX_BUNDLE_KEYS = 50_000;

    private final boolean atEnd;
    private final long bundleMillis;

    private transient SharedRun run;
    private transient int task;
    private transient ValueState<Counted> state;
    private transient StreamRecord<Counted> result;
    private transient Map<EventKey, Counted> bundle;
    private transient long taken;
    private transient boolean loading;

    CountOperator(boolean atEnd, long bundleMillis) {
        this.atEnd = atEnd;
        this.bundleMillis = bundleMillis;
    }

    @Override
    public void open() throws Exception {
        super.open();
        run = SharedRun.current();
        task = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        state = getPartitionedState(new ValueStateDescriptor<>(STATE, new Longs.Results()));
        result = new StreamRecord<>(null);
        loading = run.limit() == run.events.loadRows();
        if (bundleMillis > 0) {
            bundle = new HashMap<>();
            flushLater();
        }
    }

    private void flushLater() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService()
                .registerTimer(
                        now + bundleMillis,
                        time -> {
                            flush();
                            flushLater();
                        });
    }

    /** The key of a row is the current one only when there is no bundle. */
    @Override
    public void setKeyContextElement(StreamRecord<Event> record) throws Exception {
        if (bundle == null) {
            setKeyContextElement1(record);
        }
    }

    @Override
    public void processElement(StreamRecord<Event> element) throws Exception {
        Event event = element.getValue();
        loading = loading && run.limit() == run.events.loadRows();
        if (bundle != null) {
            Counted more = bundle.computeIfAbsent(new EventKey(event.keyHead, event.keyTail), key -> new Counted());
            more.count++;
            more.sum += event.value;
            if (bundle.size() >= MAX_BUNDLE_KEYS) {
                flush();
            }
        } else {
            add(event.keyHead, event.keyTail, 1, event.value);
        }
        run.taken(task, ++taken);
    }

    private void flush() throws Exception {
        for (Map.Entry<EventKey, Counted> entry : bundle.entrySet()) {
            EventKey key = entry.getKey();
            setCurrentKey(key);
            add(key.head(), key.tail(), entry.getValue().count, entry.getValue().sum);
        }
        bundle.clear();
    }

    /** To the state of the current key. */
    private void add(long head, long tail, long count, long sum) throws Exception {
        // No key comes twice while they are loaded: that is not measured, and need not wait for gets.
        Counted counted = loading ? null : state.value();
        if (counted == null) {
            counted = new Counted();
        }
        counted.count += count;
        counted.sum += sum;
        state.update(counted);
        if (!atEnd) {
            counted.keyHead = head;
            counted.keyTail = tail;
            output.collect(result.replace(counted));
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        if (bundle != null) {
            flush();
        }
    }

    @Override
    public void endInput() throws Exception {
        if (bundle != null) {
            flush();
        }
        if (!atEnd) {
            run.counted.countDown();
            run.mayRead.await();
        }
        readAll();
        if (atEnd) {
            run.counted.countDown();
        }
    }

    private void readAll() throws Exception {
        long keys = 0;
        long count = 0;
        long sum = 0;
        long checksum = 0;
        try (Stream<EventKey> all = this.<EventKey>getKeyedStateBackend().getKeys(STATE, VoidNamespace.INSTANCE)) {
            for (Iterator<EventKey> key = all.iterator(); key.hasNext(); keys++) {
                EventKey current = key.next();
                setCurrentKey(current);
                Counted counted = state.value();
                counted.keyHead = current.head();
                counted.keyTail = current.tail();
                count += counted.count;
                sum += counted.sum;
                checksum += KeyedEvents.mix(current.head(), current.tail(), counted.count, counted.sum);
                if (atEnd) {
                    output.collect(result.replace(counted));
                }
            }
        }
        run.addAnswer(keys, count, sum, checksum);
    }
}
