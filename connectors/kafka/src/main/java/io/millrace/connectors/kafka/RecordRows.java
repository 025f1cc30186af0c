package io.millrace.connectors.kafka;

import io.millrace.connectors.api.TableColumn;
import io.millrace.formats.FormatRequest;
import io.millrace.formats.RecordDecoder;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.ColumnBuilder;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Turns records into rows of the projected columns. One thread; close it. */
final class RecordRows implements AutoCloseable {
    private final RecordDecoder decoder;
    private final BatchBuilder rows;
    private final MetadataColumn[] metadata;
    private final int[] metadataTargets;
    private final int firstValueColumn;

    RecordRows(KafkaRun run, BatchBuilder rows, Allocator allocator) {
        this.rows = rows;
        KafkaTable table = run.table();
        int[] projection = run.order().decoded();
        List<Field> fields = new ArrayList<>();
        List<Integer> targets = new ArrayList<>();
        List<MetadataColumn> keys = new ArrayList<>();
        List<Integer> keyTargets = new ArrayList<>();
        for (int i = 0; i < projection.length; i++) {
            TableColumn column = table.table().columns().get(projection[i]);
            if (column.isMetadata()) {
                keys.add(MetadataColumn.of(table.table(), column));
                keyTargets.add(i);
            } else {
                fields.add(new Field(column.name(), column.type()));
                targets.add(i);
            }
        }
        if (run.isStage()) {
            keys.add(MetadataColumn.OFFSET);
            keyTargets.add(projection.length);
        }
        this.metadata = keys.toArray(MetadataColumn[]::new);
        this.metadataTargets = keyTargets.stream().mapToInt(Integer::intValue).toArray();
        int[] columns = targets.stream().mapToInt(Integer::intValue).toArray();
        this.firstValueColumn = columns.length == 0 ? -1 : columns[0];
        this.decoder =
                table.format()
                        .decoder(
                                new FormatRequest(
                                        new Schema(fields), columns, table.formatOptions(), run.zone(), allocator));
    }

    /** Appends the record's row or rows; null when it did, else what was wrong with it, and nothing was appended. */
    String append(ConsumerRecord<Void, ByteBuffer> record) {
        ByteBuffer value = record.value();
        if (value == null) {
            return "expected a value, found none: a tombstone";
        }
        int before = firstValueColumn < 0 ? 0 : rows.column(firstValueColumn).rowCount();
        String reason = decoder.decode(value, rows);
        if (reason != null) {
            return reason;
        }
        int added = firstValueColumn < 0 ? 1 : rows.column(firstValueColumn).rowCount() - before;
        if (metadata.length > 0) {
            for (int i = 0; i < added; i++) {
                appendMetadata(record);
            }
        } else if (firstValueColumn < 0) {
            rows.addEmptyRow();
        }
        return null;
    }

    private void appendMetadata(ConsumerRecord<Void, ByteBuffer> record) {
        for (int i = 0; i < metadata.length; i++) {
            ColumnBuilder to = rows.column(metadataTargets[i]);
            switch (metadata[i]) {
                case TOPIC -> to.appendBytes(record.topic().getBytes(StandardCharsets.UTF_8));
                case PARTITION -> to.appendLong(record.partition());
                case OFFSET -> to.appendLong(record.offset());
                case TIMESTAMP -> to.appendLong(record.timestamp() * 1_000);
                case TIMESTAMP_TYPE -> to.appendBytes(record.timestampType().name.getBytes(StandardCharsets.UTF_8));
                case LEADER_EPOCH -> record.leaderEpoch().ifPresentOrElse(to::appendLong, to::appendNull);
                case HEADERS -> appendHeaders(to, record);
            }
        }
    }

    private static void appendHeaders(ColumnBuilder to, ConsumerRecord<Void, ByteBuffer> record) {
        ColumnBuilder entries = to.child(0);
        for (Header header : record.headers()) {
            entries.child(0).appendBytes(header.key().getBytes(StandardCharsets.UTF_8));
            if (header.value() == null) {
                entries.child(1).appendNull();
            } else {
                entries.child(1).appendBytes(header.value());
            }
            entries.endStruct();
        }
        to.endList();
    }

    @Override
    public void close() {
        decoder.close();
    }
}
