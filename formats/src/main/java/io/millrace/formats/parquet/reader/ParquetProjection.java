package io.millrace.formats.parquet.reader;

import io.millrace.formats.parquet.footer.ChunkLocation;
import io.millrace.formats.parquet.footer.ColumnBounds;
import io.millrace.formats.parquet.footer.ColumnChunk;
import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.footer.SchemaNode;
import io.millrace.formats.parquet.footer.TypeMapping;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;

/** Which columns of a file are read, and as what types. Immutable, thread-safe. */
public final class ParquetProjection {
    private final ParquetFooter footer;
    private final Schema schema;
    private final List<SchemaNode> columns;
    private final List<SchemaNode> leaves;
    private final List<ColumnPlan> plans;

    private ParquetProjection(
            ParquetFooter footer,
            Schema schema,
            List<SchemaNode> columns,
            List<SchemaNode> leaves,
            List<ColumnPlan> plans) {
        this.footer = footer;
        this.schema = schema;
        this.columns = columns;
        this.leaves = leaves;
        this.plans = plans;
    }

    /**
     * The wanted columns, found by name. UNKNOWN_COLUMN when the file lacks one, SQL_INVALID when its type cannot be
     * read as the wanted one. Reading fails with CONTRACT_BROKEN where a column that is wanted NOT NULL holds NULL.
     */
    public static ParquetProjection of(ParquetFooter footer, Schema wanted) {
        List<SchemaNode> columns = new ArrayList<>();
        List<SchemaNode> leaves = new ArrayList<>();
        List<ColumnPlan> plans = new ArrayList<>();
        for (Field field : wanted.fields()) {
            SchemaNode column = footer.column(field.name());
            columns.add(column);
            plans.add(ColumnPlan.of(column, field.type(), footer.file(), leaves));
        }
        return new ParquetProjection(footer, wanted, List.copyOf(columns), List.copyOf(leaves), List.copyOf(plans));
    }

    public ParquetFooter footer() {
        return footer;
    }

    public Schema schema() {
        return schema;
    }

    /** The chunks of a row group that must be fetched, in the order {@link RowGroupReader} wants them. */
    public List<ColumnChunk> chunks(RowGroup group) {
        return leaves.stream().map(leaf -> group.columns().get(leaf.leaf())).toList();
    }

    /** Between which values a column of the projection lies in a row group; null when the footer does not say. */
    public ValueRange range(RowGroup group, int column) {
        SchemaNode node = columns.get(column);
        if (!node.isLeaf() || node.isRepeated()) {
            return null;
        }
        String file = footer.file();
        DataType own = TypeMapping.typeOf(node, ChunkLocation.footer(file));
        Conversion conversion = Conversion.between(node, schema.type(column), own, file);
        return ValueRange.of(bounds(group, node), node, schema.type(column), conversion);
    }

    /** How many values of a column of the projection are NULL in a row group; -1 when the footer does not say. */
    public long nullCount(RowGroup group, int column) {
        SchemaNode node = columns.get(column);
        if (!node.isLeaf() || node.isRepeated()) {
            return -1;
        }
        return node.maxDefinition() == 0 ? 0 : bounds(group, node).nullCount();
    }

    private static ColumnBounds bounds(RowGroup group, SchemaNode leaf) {
        return group.columns().get(leaf.leaf()).bounds();
    }

    List<ColumnPlan> plans() {
        return plans;
    }

    List<SchemaNode> leaves() {
        return leaves;
    }
}
