package io.millrace.sql.translate;

import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** Makes references to a relational operator's columns references to where its stream has them. */
final class Relayout extends RexShuttle {
    private final List<Integer> layout;

    Relayout(List<Integer> layout) {
        this.layout = layout;
    }

    @Override
    public RexNode visitInputRef(RexInputRef ref) {
        return new RexInputRef(layout.get(ref.getIndex()), ref.getType());
    }
}
