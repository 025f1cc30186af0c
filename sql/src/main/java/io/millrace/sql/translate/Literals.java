package io.millrace.sql.translate;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.expression.Expression;
import io.millrace.sql.types.RelTypes;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/** Constants: Calcite's representation to ours. */
final class Literals {
    private static final BigDecimal MICROS_PER_MILLI = BigDecimal.valueOf(1000);

    private Literals() {}

    static Expression.Literal of(RexLiteral literal) {
        SqlTypeName name = literal.getType().getSqlTypeName();
        if (name.getFamily() == SqlTypeFamily.INTERVAL_DAY_TIME) {
            BigDecimal millis = literal.getValueAs(BigDecimal.class);
            Long micros = millis == null ? null : millis.multiply(MICROS_PER_MILLI).longValueExact();
            return new Expression.Literal(micros, DataType.BIGINT.withNullable(micros == null));
        }
        if (name.getFamily() == SqlTypeFamily.INTERVAL_YEAR_MONTH) {
            BigDecimal months = literal.getValueAs(BigDecimal.class);
            return new Expression.Literal(
                    months == null ? null : months.intValueExact(), DataType.INT.withNullable(months == null));
        }
        DataType type = RelTypes.toDataType(literal.getType());
        return literal.isNull()
                ? new Expression.Literal(null, type.withNullable(true))
                : new Expression.Literal(value(literal, type), type);
    }

    /** The value of a literal that is not NULL, as a column of the type gives it. */
    static Object value(RexLiteral literal, DataType type) {
        return switch (type.kind()) {
            case BOOLEAN -> literal.getValueAs(Boolean.class);
            case TINYINT, SMALLINT, INT, BIGINT, DECIMAL -> number(literal.getValueAs(BigDecimal.class), literal, type);
            case FLOAT, DOUBLE -> {
                // NaN and the infinities have no decimal form.
                if (literal.getValue() instanceof Double value && !Double.isFinite(value)) {
                    yield type.kind() == TypeKind.FLOAT ? (Object) value.floatValue() : (Object) value;
                }
                yield number(literal.getValueAs(BigDecimal.class), literal, type);
            }
            case VARCHAR -> literal.getValueAs(String.class);
            case BINARY -> literal.getValueAs(ByteString.class).getBytes();
            case DATE -> LocalDate.parse(literal.getValueAs(DateString.class).toString());
            case TIME -> LocalTime.parse(literal.getValueAs(TimeString.class).toString());
            case TIMESTAMP -> dateTime(literal.getValueAs(TimestampString.class));
            case TIMESTAMP_LTZ -> instant(literal);
            case ROW, ARRAY, MAP ->
                    throw new MillraceException(
                            ErrorCode.UNSUPPORTED, "constants of type " + type + " are not supported");
        };
    }

    private static Instant instant(RexLiteral literal) {
        return dateTime(literal.getValueAs(TimestampString.class)).toInstant(ZoneOffset.UTC);
    }

    private static LocalDateTime dateTime(TimestampString text) {
        return LocalDateTime.parse(text.toString().replace(' ', 'T'), DateTimeFormatter.ISO_LOCAL_DATE_TIME);
    }

    private static Object number(BigDecimal value, RexLiteral literal, DataType type) {
        if (value == null) {
            return literal.getValueAs(Double.class);
        }
        return narrow(value, type);
    }

    /** The number as a column of the type gives it. */
    static Object narrow(BigDecimal value, DataType type) {
        return switch (type.kind()) {
            case TINYINT -> value.byteValueExact();
            case SMALLINT -> value.shortValueExact();
            case INT -> value.intValueExact();
            case BIGINT -> value.longValueExact();
            case FLOAT -> value.floatValue();
            case DOUBLE -> value.doubleValue();
            default -> value.setScale(type.scale());
        };
    }
}
