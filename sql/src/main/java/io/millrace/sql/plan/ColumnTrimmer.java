package io.millrace.sql.plan;

import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;

/** Drops columns that nobody reads, down to the scans; knows window assignment besides Calcite's operators. */
public final class ColumnTrimmer extends RelFieldTrimmer {
    ColumnTrimmer(RelBuilder builder) {
        super(null, builder);
    }

    /** A window keeps its time column; what it adds stays. Found by reflection. */
    public TrimResult trimFields(WindowAssign window, ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields) {
        int inputCount = window.getInput().getRowType().getFieldCount();
        ImmutableBitSet inputUsed = fieldsUsed.intersect(ImmutableBitSet.range(inputCount)).set(window.timeColumn());
        TrimResult below = trimChild(window, window.getInput(), inputUsed, extraFields);
        RelNode input = below.left;
        Mapping inputMapping = below.right;
        if (input.equals(window.getInput()) && inputMapping.isIdentity()) {
            return result(window, Mappings.createIdentity(window.getRowType().getFieldCount()));
        }
        WindowAssign trimmed =
                new WindowAssign(input, window.shape(), inputMapping.getTarget(window.timeColumn()), window.added());
        int newInputCount = input.getRowType().getFieldCount();
        int fieldCount = window.getRowType().getFieldCount();
        Mapping mapping =
                Mappings.create(MappingType.INVERSE_SURJECTION, fieldCount, trimmed.getRowType().getFieldCount());
        inputMapping.forEach(pair -> mapping.set(pair.source, pair.target));
        for (int i = inputCount; i < fieldCount; i++) {
            mapping.set(i, newInputCount + i - inputCount);
        }
        return result(trimmed, mapping, window);
    }
}
