package io.millrace.sql.plan;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.window.WindowShape;
import io.millrace.sql.types.RelTypes;
import io.millrace.sql.validate.WindowFunctions;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeFamily;

/** Makes {@link WindowAssign} of the calls of window table functions. */
final class WindowFunctionExpansion extends RelHomogeneousShuttle {
    private static final long MICROS_PER_MILLI = 1000;

    private final SourcePlaces places;

    WindowFunctionExpansion(SourcePlaces places) {
        this.places = places;
    }

    @Override
    public RelNode visit(RelNode other) {
        return other instanceof TableFunctionScan scan ? expand(scan) : super.visit(other);
    }

    private RelNode expand(TableFunctionScan scan) {
        RexCall call = (RexCall) scan.getCall();
        RelNode input = scan.getInput(0).accept(this);
        int time = ((RexInputRef) ((RexCall) call.getOperands().getFirst()).getOperands().getFirst()).getIndex();
        RelDataTypeField timeField = input.getRowType().getFieldList().get(time);
        if (!RelTypes.isEventTime(RelTypes.toDataType(timeField.getType()))) {
            throw places.atWindow(
                    new MillraceException(
                            ErrorCode.SQL_INVALID,
                            "a window needs a TIMESTAMP of precision up to 6, found "
                                    + timeField.getName()
                                    + " "
                                    + timeField.getType()),
                    timeField.getName());
        }
        List<RelDataTypeField> fields = scan.getRowType().getFieldList();
        List<RelDataTypeField> added = fields.subList(fields.size() - WindowFunctions.ADDED_COLUMNS, fields.size());
        return new WindowAssign(input, shape(call, timeField.getName()), time, added);
    }

    private WindowShape shape(RexCall call, String timeName) {
        List<RexNode> operands = call.getOperands();
        boolean hop = call.getOperator().getName().equals(WindowFunctions.HOP.getName());
        long first = micros(operands.get(1), timeName);
        long size = hop ? micros(operands.get(2), timeName) : first;
        int offsetAt = hop ? 3 : 2;
        long offset = operands.size() > offsetAt ? micros(operands.get(offsetAt), timeName) : 0;
        if (size <= 0 || first <= 0 || first > size) {
            String message =
                    hop
                            ? "expected 0 < slide <= size, found slide="
                                    + Durations.text(first)
                                    + " size="
                                    + Durations.text(size)
                            : "expected a positive window size";
            throw places.atWindow(new MillraceException(ErrorCode.SQL_INVALID, message), timeName);
        }
        return new WindowShape(size, first, offset);
    }

    private long micros(RexNode interval, String timeName) {
        if (interval instanceof RexLiteral literal
                && literal.getType().getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_DAY_TIME) {
            return literal.getValueAs(BigDecimal.class).longValueExact() * MICROS_PER_MILLI;
        }
        throw places.atWindow(
                new MillraceException(
                        ErrorCode.SQL_INVALID, "a window's size must be a literal INTERVAL of days to seconds"),
                timeName);
    }
}
