package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ReplayableTopic;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;

/** A table over one topic. */
public final class KafkaSource implements ReplayableTopic {
    private final KafkaTable table;
    private final ZoneId zone;
    private final OffsetRule start;
    private final OffsetRule end;
    private final long discoveryNanos;

    KafkaSource(KafkaTable table, ZoneId zone, OffsetRule start, OffsetRule end, long discoveryNanos) {
        this.table = table;
        this.zone = zone;
        this.start = start;
        this.end = end;
        this.discoveryNanos = discoveryNanos;
    }

    KafkaTable table() {
        return table;
    }

    ZoneId zone() {
        return zone;
    }

    @Override
    public Schema schema() {
        return table.table().schema();
    }

    @Override
    public boolean isBounded() {
        return end.kind() != OffsetRule.Kind.NEVER;
    }

    @Override
    public String place() {
        return "topic " + table.topic();
    }

    @Override
    public String describe() {
        return "kafka topic="
                + table.topic()
                + " format="
                + table.format().identifier()
                + " from="
                + start.kind()
                + (isBounded() ? " to=" + end.kind() : "");
    }

    @Override
    public String replayNote() {
        return switch (start.kind()) {
            case EARLIEST -> "if topic " + table.topic() + " still has all records that it ever had";
            case TIMESTAMP, SPECIFIC -> "which is where its options say, if topic " + table.topic() + " still has that";
            case LATEST -> "which is the end of topic " + table.topic() + " at that time";
            case GROUP -> "which is where its group has come to in topic " + table.topic();
            case NEVER -> throw MillraceException.internal("a scan that begins never");
        };
    }

    @Override
    public String replayLoss() {
        if (start.kind() != OffsetRule.Kind.EARLIEST) {
            return "";
        }
        List<String> gone =
                partitions().stream()
                        .filter(range -> range.earliestOffset() > 0)
                        .map(range -> "partition " + range.partition() + " begins at offset " + range.earliestOffset())
                        .toList();
        return gone.isEmpty() ? "" : "topic " + table.topic() + " has lost records: " + String.join(", ", gone);
    }

    @Override
    public List<PartitionRange> partitions() {
        try (TopicAdmin admin = new TopicAdmin(table)) {
            return admin.ranges(admin.describe());
        }
    }

    @Override
    public Map<Integer, Long> offsetsAt(long timestampMicros) {
        // Records are stamped in whole milliseconds: the first one at or after the next.
        long millis = -Math.floorDiv(-timestampMicros, 1_000);
        try (TopicAdmin admin = new TopicAdmin(table)) {
            return at(admin, admin.describe().partitions(), Math.max(0, millis));
        }
    }

    private static Map<Integer, Long> at(TopicAdmin admin, int partitions, long timestampMillis) {
        Map<Integer, Long> found = new TreeMap<>(admin.offsets(partitions, OffsetSpec.forTimestamp(timestampMillis)));
        if (found.containsValue(-1L)) {
            Map<Integer, Long> latest = admin.offsets(partitions, OffsetSpec.latest());
            found.replaceAll((partition, offset) -> offset < 0 ? latest.get(partition) : offset);
        }
        return found;
    }

    @Override
    public SourceRun start(ScanRequest request) {
        TopicAdmin admin = new TopicAdmin(table);
        try {
            TopicAdmin.Topic topic = admin.describe();
            if (!request.restored().isEmpty()) {
                KafkaRun.Span span = goOn(admin, topic, request, Map.of(), false);
                return new KafkaRun(this, request, admin, topic, span);
            }
            Map<Integer, Long> starts = resolve(admin, topic, start, "scan.startup");
            Map<Integer, Long> ends = isBounded() ? resolve(admin, topic, end, "scan.bounded") : null;
            long discovery = isBounded() ? 0 : discoveryNanos;
            return new KafkaRun(this, request, admin, topic, new KafkaRun.Span(starts, ends, discovery, false));
        } catch (RuntimeException failed) {
            admin.close();
            throw failed;
        }
    }

    @Override
    public SourceRun startAt(ScanRequest request, Map<Integer, Long> offsets) {
        TopicAdmin admin = new TopicAdmin(table);
        try {
            TopicAdmin.Topic topic = admin.describe();
            return new KafkaRun(this, request, admin, topic, goOn(admin, topic, request, offsets, true));
        } catch (RuntimeException failed) {
            admin.close();
            throw failed;
        }
    }

    /** Goes on where the readers before have stopped; from these offsets where none has begun. */
    private KafkaRun.Span goOn(
            TopicAdmin admin,
            TopicAdmin.Topic topic,
            ScanRequest request,
            Map<Integer, Long> offsets,
            boolean asStage) {
        TopicProgress restored = TopicProgress.of(request.restored());
        if (restored.topicId() != null && !restored.topicId().equals(topic.id())) {
            throw new MillraceException(
                            ErrorCode.CONTRACT_BROKEN,
                            "topic "
                                    + table.topic()
                                    + " was deleted and made anew: expected id="
                                    + restored.topicId()
                                    + ", found id="
                                    + topic.id())
                    .withHelp("Its offsets mean other records now; start without the checkpoint.");
        }
        Map<Integer, Long> starts = new TreeMap<>(offsets);
        Map<Integer, Long> wanted = new TreeMap<>(offsets);
        Map<Integer, Long> ends = new TreeMap<>();
        restored.positions()
                .forEach((partition, position) -> {
                    starts.put(partition, position.next());
                    wanted.put(partition, position.next());
                    ends.put(partition, position.end());
                    if (position.next() == Fetcher.EARLIEST || position.isAtEnd()) {
                        wanted.remove(partition);
                    }
                });
        check(admin.ranges(topic), wanted);
        boolean bounded = !asStage && isBounded();
        return new KafkaRun.Span(starts, bounded ? ends : null, bounded ? 0 : discoveryNanos, asStage);
    }

    private Map<Integer, Long> resolve(TopicAdmin admin, TopicAdmin.Topic topic, OffsetRule rule, String option) {
        int partitions = topic.partitions();
        return switch (rule.kind()) {
            case EARLIEST -> admin.offsets(partitions, OffsetSpec.earliest());
            case LATEST -> admin.offsets(partitions, OffsetSpec.latest());
            case TIMESTAMP -> at(admin, partitions, rule.timestampMillis());
            case SPECIFIC -> explicit(admin, topic, rule.offsets(), option);
            case GROUP -> committed(admin, topic, option);
            case NEVER -> throw MillraceException.internal("no offsets for " + rule);
        };
    }

    private Map<Integer, Long> explicit(
            TopicAdmin admin, TopicAdmin.Topic topic, Map<Integer, Long> offsets, String option) {
        int partitions = topic.partitions();
        for (int p = 0; p < partitions; p++) {
            if (!offsets.containsKey(p)) {
                throw new MillraceException(
                        ErrorCode.INVALID_OPTION,
                        "table "
                                + table.table().name()
                                + ", option '"
                                + option
                                + ".specific-offsets': topic "
                                + table.topic()
                                + " has partitions 0 to "
                                + (partitions - 1)
                                + ", but none is given for partition "
                                + p);
            }
        }
        if (option.equals("scan.startup")) {
            check(admin.ranges(topic), offsets);
        }
        return offsets;
    }

    private Map<Integer, Long> committed(TopicAdmin admin, TopicAdmin.Topic topic, String option) {
        int partitions = topic.partitions();
        String group = table.properties().get("group.id");
        Map<Integer, Long> offsets = new TreeMap<>(admin.committed(group));
        String reset = table.properties().getOrDefault("auto.offset.reset", "none");
        if (option.equals("scan.startup") && !reset.equals("none")) {
            OffsetSpec spec = reset.equals("earliest") ? OffsetSpec.earliest() : OffsetSpec.latest();
            admin.offsets(partitions, spec).forEach(offsets::putIfAbsent);
        }
        for (int p = 0; p < partitions; p++) {
            if (!offsets.containsKey(p)) {
                throw new MillraceException(
                                ErrorCode.OFFSET_OUT_OF_RANGE,
                                "topic "
                                        + table.topic()
                                        + ": group "
                                        + group
                                        + " has committed no offset for partition="
                                        + p)
                        .withHelp("Set 'properties.auto.offset.reset' to say where such a partition begins.");
            }
        }
        if (option.equals("scan.startup")) {
            check(admin.ranges(topic), offsets);
        }
        return offsets;
    }

    private void check(List<PartitionRange> ranges, Map<Integer, Long> offsets) {
        for (PartitionRange range : ranges) {
            Long wanted = offsets.get(range.partition());
            if (wanted != null && (wanted < range.earliestOffset() || wanted > range.endOffset())) {
                throw new MillraceException(
                                ErrorCode.OFFSET_OUT_OF_RANGE,
                                "topic "
                                        + table.topic()
                                        + ": "
                                        + RangeText.of(
                                                range.partition(), wanted, range.earliestOffset(), range.endOffset()))
                        .withHelp(RangeText.ADVICE);
            }
        }
    }
}
