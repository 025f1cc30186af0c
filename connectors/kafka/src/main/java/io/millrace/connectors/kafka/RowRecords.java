package io.millrace.connectors.kafka;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.formats.EncodedBytes;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordEncoder;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Turns rows into records. Of a table with a primary key the record's key is made of it, a deletion is a tombstone, and
 * changes that come as taken and added rows are folded by key until {@link #endEpoch}. One worker; close it.
 */
final class RowRecords implements AutoCloseable {
    private final KafkaSink sink;
    private final int partitions;
    private final int writerIndex;
    private final boolean folds;
    private final RecordEncoder values;
    private final RecordEncoder keys;
    private final EncodedBytes scratch;

    /** By key, how often each value was added less how often it was taken; in the order of first change. */
    private final Map<ByteBuffer, Map<ByteBuffer, Long>> changes = new LinkedHashMap<>();

    private long made;

    RowRecords(
            KafkaSink sink,
            Schema schema,
            ChangelogKind kind,
            int partitions,
            int writerIndex,
            ZoneId zone,
            Allocator allocator) {
        this.sink = sink;
        this.partitions = partitions;
        this.writerIndex = writerIndex;
        KafkaTable table = sink.table();
        this.folds = table.isUpsert() && kind == ChangelogKind.RETRACT;
        this.scratch = new EncodedBytes(allocator, 4096);
        RecordEncoder valueEncoder = null;
        boolean done = false;
        try {
            valueEncoder = table.format().encoder(FormatRequest.of(schema, table.formatOptions(), zone, allocator));
            this.values = valueEncoder;
            this.keys = table.isUpsert() ? keyEncoder(table, schema, zone, allocator) : null;
            done = true;
        } finally {
            if (!done) {
                scratch.close();
                if (valueEncoder != null) {
                    valueEncoder.close();
                }
            }
        }
    }

    private static RecordEncoder keyEncoder(KafkaTable table, Schema schema, ZoneId zone, Allocator allocator) {
        int[] columns = table.keyColumns(schema);
        return table.keyFormat()
                .encoder(
                        new FormatRequest(schema.project(columns), columns, table.keyFormatOptions(), zone, allocator));
    }

    /** Makes records of the batch's rows, or keeps them to be folded; takes the batch. */
    void write(Batch batch, RecordTarget target) {
        try (batch) {
            int count = batch.activeCount();
            for (int i = 0; i < count; i++) {
                int row = batch.row(i);
                if (keys == null) {
                    values.encode(batch, row, scratch);
                    target.add(partition(), null, scratch.address(), scratch.lengthBytes());
                    scratch.truncate(0);
                } else if (folds) {
                    keep(batch, row);
                } else {
                    change(batch, row, target);
                }
            }
        }
    }

    private int partition() {
        long number = made++;
        return switch (sink.partitioning()) {
            case DEFAULT -> -1;
            case FIXED -> writerIndex % partitions;
            case ROUND_ROBIN -> (int) ((number + writerIndex) % partitions);
        };
    }

    private byte[] key(Batch batch, int row) {
        keys.encode(batch, row, scratch);
        byte[] key = scratch.copy();
        scratch.truncate(0);
        return key;
    }

    private void change(Batch batch, int row, RecordTarget target) {
        byte[] key = key(batch, row);
        if (batch.weight(row) < 0) {
            target.add(-1, key, 0, -1);
            return;
        }
        values.encode(batch, row, scratch);
        target.add(-1, key, scratch.address(), scratch.lengthBytes());
        scratch.truncate(0);
    }

    private void keep(Batch batch, int row) {
        ByteBuffer key = ByteBuffer.wrap(key(batch, row));
        values.encode(batch, row, scratch);
        ByteBuffer value = ByteBuffer.wrap(scratch.copy());
        scratch.truncate(0);
        changes.computeIfAbsent(key, k -> new HashMap<>()).merge(value, batch.weight(row), Long::sum);
    }

    /** Makes one record of each key whose row is another now, or is gone. */
    void endEpoch(RecordTarget target) {
        changes.forEach((key, rows) -> fold(key, rows, target));
        changes.clear();
    }

    private void fold(ByteBuffer key, Map<ByteBuffer, Long> rows, RecordTarget target) {
        byte[] now = null;
        boolean taken = false;
        for (Map.Entry<ByteBuffer, Long> row : rows.entrySet()) {
            long weight = row.getValue();
            taken |= weight < 0;
            if (weight > 1 || weight > 0 && now != null) {
                throw new MillraceException(
                                ErrorCode.CONTRACT_BROKEN,
                                "table "
                                        + sink.table().table().name()
                                        + ": expected one row of key "
                                        + new String(key.array(), java.nio.charset.StandardCharsets.UTF_8)
                                        + ", found several")
                        .withHelp("The PRIMARY KEY of the table must be unique in what is inserted.");
            }
            now = weight > 0 ? row.getKey().array() : now;
        }
        if (now != null) {
            scratch.putBytes(now);
            target.add(-1, key.array(), scratch.address(), scratch.lengthBytes());
            scratch.truncate(0);
        } else if (taken) {
            target.add(-1, key.array(), 0, -1);
        }
    }

    @Override
    public void close() {
        values.close();
        if (keys != null) {
            keys.close();
        }
        scratch.close();
    }
}
