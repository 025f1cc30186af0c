package io.millrace.sql.validate;

import io.millrace.connectors.api.Source;
import io.millrace.memory.types.Schema;
import io.millrace.sql.types.RelTypes;
import java.util.function.Supplier;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Wrapper;
import org.apache.calcite.schema.impl.AbstractTable;

/**
 * What a scan reads: the columns that a connector gives. Its source is made when first asked for. One planning's
 * thread.
 */
public final class StoredTable extends AbstractTable implements Wrapper {
    private final Object origin;
    private final String name;
    private final Schema schema;
    private final EventTimeColumn eventTime;
    private final Supplier<Source> maker;
    private Source source;

    /**
     * What a scan reads.
     *
     * @param origin equal of two that read the same
     * @param name as the user knows it
     * @param eventTime or null
     */
    StoredTable(Object origin, String name, Schema schema, EventTimeColumn eventTime, Supplier<Source> maker) {
        this.origin = origin;
        this.name = name;
        this.schema = schema;
        this.eventTime = eventTime;
        this.maker = maker;
    }

    /**
     * The event time of a stored table.
     *
     * @param sql its expression over the stored columns; of a column that is stored, its quoted name
     */
    public record EventTimeColumn(String sql, long delayMicros) {}

    /** Equal of two stored tables, also of two plannings, that read the same. */
    public Object origin() {
        return origin;
    }

    public String name() {
        return name;
    }

    public Schema schema() {
        return schema;
    }

    /** Or null. */
    public EventTimeColumn eventTime() {
        return eventTime;
    }

    public Source source() {
        if (source == null) {
            source = maker.get();
        }
        return source;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory typeFactory) {
        return RelTypes.toRel(schema, typeFactory);
    }
}
