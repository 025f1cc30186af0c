package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.ScanPredicate;
import io.millrace.connectors.api.ScanPredicate.Comparison;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.memory.types.TypeKind;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Which columns the stages are asked for: those the query projects, then what the handover itself looks at, which is
 * taken off again before a batch leaves.
 *
 * <pre>
 *   history  projected ... | event time, if not projected | ids ...
 *   live     projected ... | event time, if not projected | ids ... | offset (added by the topic)
 *   measure  partition, offset (by offset) | event time, or when it is computed: projected ...
 * </pre>
 */
final class StageColumns {
    private final HybridSource source;
    private final int[] projection;
    private final EventTime eventTime;
    private final List<String> extras = new ArrayList<>();
    private final int extraTime;
    private final Schema output;

    StageColumns(HybridSource source, ScanRequest request) {
        this.source = source;
        this.projection = request.projection();
        this.eventTime = request.eventTime();
        this.output = source.schema().project(projection);
        boolean needsTime = !(source.handover() instanceof Handover.ByOffset);
        if (eventTime == null && needsTime) {
            String name = source.eventTimeColumn();
            if (name == null || source.schema().indexOf(name) < 0) {
                throw new MillraceException(
                                ErrorCode.SQL_INVALID,
                                "table "
                                        + source.tableName()
                                        + ": a handover by "
                                        + source.handover().by()
                                        + " needs an event time")
                        .withHelp("Declare WATERMARK FOR a physical column, or hand over by offset.");
            }
            extraTime = projection.length;
            extras.add(name);
        } else {
            extraTime = -1;
        }
        if (source.handover() instanceof Handover.ByEventId byId) {
            extras.addAll(byId.idColumns());
        }
    }

    int[] history() {
        return withExtras(true);
    }

    int[] live() {
        return withExtras(false);
    }

    private int[] withExtras(boolean toHistory) {
        int[] mapped = source.map(projection, toHistory);
        Schema stage = toHistory ? source.history().schema() : source.live().schema();
        int[] all = java.util.Arrays.copyOf(mapped, mapped.length + extras.size());
        for (int i = 0; i < extras.size(); i++) {
            all[mapped.length + i] = stage.indexOf(extras.get(i));
        }
        return all;
    }

    /** What holds for history's rows from this event time on; nothing where event time is computed. */
    List<ScanPredicate> fromTimeOn(long micros) {
        int column =
                eventTime == null
                        ? source.history().schema().indexOf(extras.getFirst())
                        : eventTime.column() < 0 ? -1 : source.map(projection, true)[eventTime.column()];
        if (column < 0 || micros == Long.MIN_VALUE) {
            return List.of();
        }
        Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        boolean local = source.history().schema().type(column).kind() == TypeKind.TIMESTAMP;
        Object value = local ? LocalDateTime.ofInstant(instant, ZoneOffset.UTC) : instant;
        return List.of(new ScanPredicate(column, Comparison.GREATER_OR_EQUAL, List.of(value)));
    }

    /** Columns of history that say how far it reaches. */
    int[] measure() {
        List<Integer> columns = new ArrayList<>();
        if (eventTime != null && eventTime.column() < 0) {
            for (int column : source.map(projection, true)) {
                columns.add(column);
            }
        } else if (eventTime != null) {
            columns.add(source.map(projection, true)[eventTime.column()]);
        } else if (extraTime >= 0) {
            columns.add(source.history().schema().indexOf(extras.getFirst()));
        }
        if (source.handover() instanceof Handover.ByOffset byOffset) {
            columns.add(byOffset.partitionColumn());
            columns.add(byOffset.offsetColumn());
        }
        return columns.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The event times of a measured batch, for the caller to release; null when there is no event time. */
    Column measuredTimes(Batch batch, Allocator allocator) {
        if (eventTime != null && eventTime.column() < 0) {
            return eventTime.evaluate(batch, allocator);
        }
        return eventTime != null || extraTime >= 0 ? batch.column(0).retain() : null;
    }

    /** The event times of a batch of either stage, for the caller to release. */
    Column times(Batch batch, Allocator allocator) {
        return eventTime != null ? eventTime.evaluate(batch, allocator) : batch.column(extraTime).retain();
    }

    /** The id columns of a batch of either stage, a view. */
    Column[] ids(Batch batch) {
        int first = projection.length + (extraTime >= 0 ? 1 : 0);
        Column[] ids = new Column[extras.size() - (extraTime >= 0 ? 1 : 0)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = batch.column(first + i);
        }
        return ids;
    }

    /** Whether an id is one integer. */
    boolean idIsLong() {
        if (source.handover() instanceof Handover.ByEventId byId && byId.idColumns().size() == 1) {
            String id = byId.idColumns().getFirst();
            Schema history = source.history().schema();
            Schema live = source.live().schema();
            return history.type(history.indexOf(id)).kind().isInteger()
                    && live.type(live.indexOf(id)).kind().isInteger();
        }
        return false;
    }

    /** The projected columns alone, of a batch that it takes. */
    Batch trim(Batch batch) {
        if (batch.columnCount() == projection.length) {
            return batch;
        }
        Column[] kept = new Column[projection.length];
        List<Field> fields = output.fields();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = batch.column(i).retain();
        }
        return batch.replaceColumns(new Schema(fields), kept);
    }
}
