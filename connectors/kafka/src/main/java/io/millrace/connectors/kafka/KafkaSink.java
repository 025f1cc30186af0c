package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows to a topic, each as one record, at least once: what was written before a failure and not yet part of a
 * checkpoint is written again after it. Records are seen as they are sent, before the commit.
 */
public final class KafkaSink implements Sink {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);

    private final KafkaTable table;
    private final ZoneId zone;
    private final Partitioning partitioning;

    /** Which partition a record goes to. */
    enum Partitioning {
        /** As the client chooses: one for a while, then another. */
        DEFAULT,
        /** One for each writer. */
        FIXED,
        /** One after the other. */
        ROUND_ROBIN
    }

    KafkaSink(KafkaTable table, ZoneId zone, Partitioning partitioning) {
        this.table = table;
        this.zone = zone;
        this.partitioning = partitioning;
    }

    @Override
    public ChangelogKind accepts() {
        return ChangelogKind.APPEND;
    }

    @Override
    public String describe() {
        return "kafka topic=" + table.topic() + " format=" + table.format().identifier() + " delivery=at-least-once";
    }

    @Override
    public SinkRun start(SinkRequest request) {
        int partitions;
        try (TopicAdmin admin = new TopicAdmin(table)) {
            partitions = admin.describe().partitions();
        }
        LOG.info("table {} writes to topic {} at least once", table.table().name(), table.topic());
        return new Run(request, partitions);
    }

    private final class Run implements SinkRun {
        private final SinkRequest request;
        private final int partitions;

        Run(SinkRequest request, int partitions) {
            this.request = request;
            this.partitions = partitions;
        }

        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            KafkaWriter.Target target = new KafkaWriter.Target(table, partitioning, partitions, writerIndex);
            return new KafkaWriter(target, request.schema(), zone, context);
        }

        @Override
        public void commit(long checkpoint, List<Prepared> prepared) {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
