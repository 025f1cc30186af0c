package io.millrace.sql.ddl;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.sql.statement.StatementSource;
import java.math.BigDecimal;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeFamily;

/** What a watermark's expression comes to: the column less a constant. */
final class WatermarkDelay {
    private static final long MICROS_PER_MILLI = 1000;

    private WatermarkDelay() {}

    /** The delay in microseconds; refuses every other form of expression. */
    static long of(RexNode expression, int column, StatementSource source) {
        if (isColumn(expression, column)) {
            return 0;
        }
        if (expression instanceof RexCall call
                && call.getKind() == SqlKind.MINUS
                && isColumn(call.getOperands().get(0), column)
                && call.getOperands().get(1) instanceof RexLiteral interval
                && interval.getType().getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_DAY_TIME) {
            long delayMicros = interval.getValueAs(BigDecimal.class).longValueExact() * MICROS_PER_MILLI;
            if (delayMicros >= 0) {
                return delayMicros;
            }
        }
        throw new MillraceException(
                        ErrorCode.UNSUPPORTED,
                        "a watermark is the column itself, or the column less an INTERVAL literal")
                .withHelp("Write WATERMARK FOR t AS t - INTERVAL '5' SECOND.")
                .at(source.position());
    }

    private static boolean isColumn(RexNode expression, int column) {
        return expression instanceof RexInputRef ref && ref.getIndex() == column;
    }
}
