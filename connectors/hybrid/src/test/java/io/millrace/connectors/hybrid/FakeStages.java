package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ReplayableTopic;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceOutput;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** History and a topic in lists. */
final class FakeStages {
    static final Schema HISTORY =
            Schema.of(
                    "id", DataType.BIGINT.notNull(),
                    "t", DataType.TIMESTAMP,
                    "part", DataType.INT,
                    "off", DataType.BIGINT);
    static final Schema LIVE = Schema.of("id", DataType.BIGINT.notNull(), "t", DataType.TIMESTAMP);

    /** One event as it lies in its partition. */
    record Event(long id, long timeMicros, int partition, long offset) {
        LocalDateTime time() {
            return LocalDateTime.ofEpochSecond(
                    Math.floorDiv(timeMicros, 1_000_000),
                    (int) Math.floorMod(timeMicros, 1_000_000) * 1000,
                    ZoneOffset.UTC);
        }

        Object value(String column) {
            return switch (column) {
                case "id" -> id;
                case "t" -> time();
                case "part" -> partition;
                case "off" -> offset;
                default -> throw new IllegalArgumentException(column);
            };
        }
    }

    private FakeStages() {}

    private static SourceProgress progress(long rows) {
        return new SourceProgress(rows, -1, 0, -1, false);
    }

    /** Every n-th event to reader n; the split states the least time it will hold. */
    record History(List<Event> events) implements Source {
        @Override
        public Schema schema() {
            return HISTORY;
        }

        @Override
        public boolean isBounded() {
            return true;
        }

        @Override
        public SourceRun start(ScanRequest request) {
            return new SourceRun() {
                @Override
                public SourceReader open(int readerIndex, ReaderContext context) {
                    List<Event> share = new ArrayList<>();
                    Set<Long> read = new TreeSet<>();
                    for (byte[] snapshot : request.restored()) {
                        for (ByteBuffer in = ByteBuffer.wrap(snapshot); in.hasRemaining(); ) {
                            read.add(in.getLong());
                        }
                    }
                    for (int i = readerIndex; i < events.size(); i += request.readerCount()) {
                        if (!read.contains(events.get(i).id())) {
                            share.add(events.get(i));
                        }
                    }
                    return new ListReader(
                            readerIndex == 0 ? read : Set.of(), HISTORY.project(request.projection()), share, context);
                }

                @Override
                public SourceProgress progress() {
                    return FakeStages.progress(events.size());
                }

                @Override
                public void close() {}
            };
        }
    }

    /** Reads a list as one split. */
    private static final class ListReader implements SourceReader {
        private final Schema schema;
        private final Set<Long> readBefore;
        private final List<Event> events;
        private final BatchBuilder builder;
        private int next;
        private boolean open;
        private boolean closed;

        ListReader(Set<Long> readBefore, Schema schema, List<Event> events, ReaderContext context) {
            this.readBefore = readBefore;
            this.schema = schema;
            this.events = events;
            this.builder = new BatchBuilder(context.allocator(), schema, 8);
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (closed) {
                return Poll.FINISHED;
            }
            if (!open) {
                open = true;
                long least = events.stream().mapToLong(Event::timeMicros).min().orElse(0);
                output.openSplit(0, least);
                return Poll.ACTIVE;
            }
            for (int i = 0; i < 5 && next < events.size(); i++) {
                append(builder, schema, events.get(next++), -1);
            }
            if (builder.rowCount() > 0) {
                output.emit(0, builder.build());
                return Poll.ACTIVE;
            }
            output.closeSplit(0);
            closed = true;
            return Poll.FINISHED;
        }

        /** The ids that were read. */
        @Override
        public byte[] snapshot() {
            ByteBuffer out = ByteBuffer.allocate(8 * (next + readBefore.size()));
            readBefore.forEach(out::putLong);
            events.subList(0, next).forEach(event -> out.putLong(event.id()));
            return out.array();
        }

        @Override
        public void close() {
            builder.close();
        }
    }

    private static void append(BatchBuilder builder, Schema schema, Event event, long offset) {
        for (int i = 0; i < schema.size(); i++) {
            Object value = schema.name(i).equals("#offset") ? (Object) offset : event.value(schema.name(i));
            builder.column(i).appendObject(value);
        }
    }

    /** Partitions as sorted maps from offset to event; holes are allowed. */
    static final class Topic implements ReplayableTopic {
        final Map<Integer, TreeMap<Long, Event>> partitions = new TreeMap<>();
        final Map<Integer, Long> earliest = new HashMap<>();
        final Map<Integer, Long> ends = new HashMap<>();
        volatile boolean ended;
        volatile String topicId = "first";

        /** The broker's timestamps have nothing to do with event times: all are after any that is asked for. */
        boolean timestampsAreLate;

        /** Whether it ends without having said that there is nothing more to read. */
        boolean endsInSilence;

        void add(Event event) {
            partitions.computeIfAbsent(event.partition(), p -> new TreeMap<>()).put(event.offset(), event);
            ends.merge(event.partition(), event.offset() + 1, Math::max);
        }

        synchronized void retainFrom(int partition, long offset) {
            partitions.get(partition).headMap(offset).clear();
            earliest.put(partition, offset);
        }

        @Override
        public synchronized List<PartitionRange> partitions() {
            List<PartitionRange> ranges = new ArrayList<>();
            partitions.forEach((p, events) ->
                    ranges.add(
                            new PartitionRange(
                                    "topic", topicId, p, earliest.getOrDefault(p, 0L), ends.getOrDefault(p, 0L))));
            return ranges;
        }

        @Override
        public synchronized Map<Integer, Long> offsetsAt(long timestampMicros) {
            Map<Integer, Long> offsets = new HashMap<>();
            partitions.forEach((p, events) ->
                    offsets.put(
                            p,
                            events.values().stream()
                                    .filter(e -> timestampsAreLate || e.timeMicros() >= timestampMicros)
                                    .mapToLong(Event::offset)
                                    .findFirst()
                                    .orElse(ends.getOrDefault(p, 0L))));
            return offsets;
        }

        @Override
        public Schema schema() {
            return LIVE;
        }

        @Override
        public boolean isBounded() {
            return false;
        }

        @Override
        public SourceRun start(ScanRequest request) {
            return startAt(request, Map.of());
        }

        @Override
        public SourceRun startAt(ScanRequest request, Map<Integer, Long> offsets) {
            List<Field> fields = new ArrayList<>(LIVE.project(request.projection()).fields());
            fields.add(new Field("#offset", DataType.BIGINT.notNull()));
            return new SourceRun() {
                @Override
                public SourceReader open(int readerIndex, ReaderContext context) {
                    Map<Integer, Long> starts = new HashMap<>(offsets);
                    for (byte[] snapshot : request.restored()) {
                        for (ByteBuffer in = ByteBuffer.wrap(snapshot); in.hasRemaining(); ) {
                            starts.merge(in.getInt(), in.getLong(), Math::max);
                        }
                    }
                    return new TopicReader(
                            Topic.this, new Schema(fields), starts, readerIndex, request.readerCount(), context);
                }

                @Override
                public SourceProgress progress() {
                    return FakeStages.progress(0);
                }

                @Override
                public void close() {}
            };
        }
    }

    /** Reads its partitions in turn, a few events a poll. */
    private static final class TopicReader implements SourceReader {
        private final Topic topic;
        private final Schema schema;
        private final Map<Integer, Long> positions = new TreeMap<>();
        private final BatchBuilder builder;
        private boolean open;
        private boolean closed;

        TopicReader(
                Topic topic, Schema schema, Map<Integer, Long> offsets, int index, int readers, ReaderContext context) {
            this.topic = topic;
            this.schema = schema;
            this.builder = new BatchBuilder(context.allocator(), schema, 8);
            topic.partitions
                    .keySet()
                    .forEach(p -> {
                        if (p % readers == index) {
                            positions.put(p, offsets.getOrDefault(p, 0L));
                        }
                    });
        }

        @Override
        public Poll poll(SourceOutput output) {
            if (closed) {
                return Poll.FINISHED;
            }
            if (!open) {
                open = true;
                positions.keySet().forEach(p -> output.openSplit(p, Long.MIN_VALUE));
            }
            boolean any = false;
            for (Map.Entry<Integer, Long> position : positions.entrySet()) {
                List<Event> more =
                        topic.partitions.get(position.getKey()).tailMap(position.getValue()).values().stream()
                                .limit(3)
                                .toList();
                for (Event event : more) {
                    append(builder, schema, event, event.offset());
                    position.setValue(event.offset() + 1);
                }
                if (more.isEmpty() && topic.endsInSilence) {
                    continue;
                }
                if (more.isEmpty()) {
                    output.nothingToRead(position.getKey());
                } else {
                    output.emit(position.getKey(), builder.build());
                    any = true;
                }
            }
            if (!any && topic.ended) {
                positions.keySet().forEach(output::closeSplit);
                closed = true;
                return Poll.FINISHED;
            }
            return any ? Poll.ACTIVE : Poll.IDLE;
        }

        /** Partition and next offset of each. */
        @Override
        public byte[] snapshot() {
            ByteBuffer out = ByteBuffer.allocate(12 * positions.size());
            positions.forEach((partition, next) -> out.putInt(partition).putLong(next));
            return out.array();
        }

        @Override
        public void close() {
            builder.close();
        }
    }
}
