package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows to a topic, each as one record; of a table with a primary key, changes as records with a key, and
 * deletions as tombstones. Exactly once when the job takes checkpoints: see {@link ExactlyOnceRun}. Else at least once:
 * records are seen as they are sent, and what was written before a failure is written again after it.
 */
public final class KafkaSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);

    private final KafkaTable table;
    private final ZoneId zone;
    private final Partitioning partitioning;
    private final Delivery delivery;
    private final TopicOutput output;
    private final Consumer<String> steps;
    private final Consumer<String> warnings;

    /** Which partition a record goes to. */
    enum Partitioning {
        /** As the client chooses: one for a while, then another. */
        DEFAULT,
        /** One for each writer. */
        FIXED,
        /** One after the other. */
        ROUND_ROBIN
    }

    /** What is promised. */
    enum Delivery {
        /** Exactly once when the job takes checkpoints, else at least once. */
        AUTOMATIC,
        EXACTLY_ONCE,
        AT_LEAST_ONCE;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    KafkaSink(
            KafkaTable table,
            ZoneId zone,
            Partitioning partitioning,
            Delivery delivery,
            TopicOutput output,
            Consumer<String> steps,
            Consumer<String> warnings) {
        this.steps = steps;
        this.warnings = warnings;
        this.table = table;
        this.zone = zone;
        this.partitioning = partitioning;
        this.delivery = delivery;
        this.output = output;
    }

    /** The same sink, told of each {@link SinkStep} of its commits. */
    KafkaSink watchedBy(Consumer<String> watcher) {
        return new KafkaSink(table, zone, partitioning, delivery, output, watcher, warnings);
    }

    Consumer<String> steps() {
        return steps;
    }

    KafkaTable table() {
        return table;
    }

    Partitioning partitioning() {
        return partitioning;
    }

    TopicOutput output() {
        return output;
    }

    @Override
    public ChangelogKind accepts() {
        return table.isUpsert() ? ChangelogKind.UPSERT : ChangelogKind.APPEND;
    }

    @Override
    public List<Integer> writerKey(ChangelogKind written) {
        return table.isUpsert() ? Arrays.stream(table.keyColumns(table.table().schema())).boxed().toList() : List.of();
    }

    @Override
    public String describe() {
        return (table.isUpsert() ? "upsert-kafka" : "kafka")
                + " topic="
                + table.topic()
                + " format="
                + table.format().identifier()
                + " delivery="
                + (delivery == Delivery.AUTOMATIC
                        ? "exactly-once with checkpoints, else at-least-once"
                        : delivery.word());
    }

    @Override
    public SinkRun start(SinkRequest request) {
        boolean exactly =
                delivery == Delivery.EXACTLY_ONCE || delivery == Delivery.AUTOMATIC && request.checkpoints() != null;
        if (exactly && request.checkpoints() == null) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "table "
                                    + table.table().name()
                                    + ": 'sink.delivery-guarantee' = 'exactly-once' needs a job that takes checkpoints")
                    .withHelp("Give --state DIR, or set 'sink.delivery-guarantee' = 'at-least-once'.");
        }
        int partitions;
        try (TopicAdmin admin = new TopicAdmin(table)) {
            partitions = admin.describe().partitions();
            if (exactly) {
                requireTransactions(admin);
                admin.createCompacted(output.progressTopic());
            }
        }
        if (!exactly) {
            warnings.accept(
                    "table "
                            + table.table().name()
                            + ": topic "
                            + table.topic()
                            + " is written at least once: after a failure rows may be there twice"
                            + (delivery == Delivery.AUTOMATIC ? "; of a job with --state they are there once" : ""));
            return new AtLeastOnceRun(request, partitions);
        }
        LOG.info(
                "table {} writes to topic {} exactly once; output becomes visible when a checkpoint has succeeded, {} s"
                        + " late",
                table.table().name(),
                table.topic(),
                request.checkpoints().intervalNanos() / 1e9);
        return new ExactlyOnceRun(this, request, zone, partitions);
    }

    private void requireTransactions(TopicAdmin admin) {
        int version = admin.transactionVersion();
        if (version >= 2) {
            return;
        }
        String found =
                "table "
                        + table.table().name()
                        + ": the brokers at "
                        + table.servers()
                        + " have transaction.version="
                        + version;
        if (!output.allowsTransactionV1()) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, found + ", expected 2 or later for exactly-once")
                    .withHelp(
                            "Upgrade the feature (kafka-features.sh upgrade --feature transaction.version=2); or set"
                                    + " 'sink.allow-transaction-v1' = 'true' and accept that a lost message can leave a"
                                    + " transaction hanging, which stops readers of committed records; or use"
                                    + " 'at-least-once'.");
        }
        warnings.accept(found + ": a message that is lost can leave a transaction hanging, which stops readers");
    }

    private final class AtLeastOnceRun implements SinkRun {
        private final SinkRequest request;
        private final int partitions;

        AtLeastOnceRun(SinkRequest request, int partitions) {
            this.request = request;
            this.partitions = partitions;
        }

        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            RowRecords rows =
                    new RowRecords(
                            KafkaSink.this,
                            request.schema(),
                            request.changelogKind(),
                            partitions,
                            writerIndex,
                            zone,
                            context.allocator());
            return new KafkaWriter(table, rows, context);
        }

        @Override
        public void commit(long checkpoint, List<Prepared> prepared) {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
