package io.millrace.sql.plan;

import io.millrace.operators.window.WindowShape;
import java.util.List;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;

/** A window table function: the input's columns, then window_start, window_end and window_time. */
public final class WindowAssign extends SingleRel {
    private final WindowShape shape;
    private final int timeColumn;
    private final List<RelDataTypeField> added;

    /**
     * @param timeColumn of the input
     * @param added the three columns behind the input's
     */
    public WindowAssign(RelNode input, WindowShape shape, int timeColumn, List<RelDataTypeField> added) {
        super(input.getCluster(), input.getTraitSet(), input);
        this.shape = shape;
        this.timeColumn = timeColumn;
        this.added = List.copyOf(added);
    }

    public WindowShape shape() {
        return shape;
    }

    public int timeColumn() {
        return timeColumn;
    }

    /** The three columns behind the input's. */
    public List<RelDataTypeField> added() {
        return added;
    }

    @Override
    protected RelDataType deriveRowType() {
        RelDataTypeFactory.Builder builder = getCluster().getTypeFactory().builder();
        return builder.addAll(getInput().getRowType().getFieldList()).addAll(added).build();
    }

    @Override
    public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
        return new WindowAssign(sole(inputs), shape, timeColumn, added);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer)
                .item("time", "$" + timeColumn)
                .item("size", Durations.text(shape.sizeMicros()))
                .itemIf("slide", Durations.text(shape.slideMicros()), !shape.isTumbling())
                .itemIf("offset", Durations.text(shape.offsetMicros()), shape.offsetMicros() != 0);
    }
}
