package io.millrace.sql.translate;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.TypeKind;
import io.millrace.operators.evaluation.ConstantFolder;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.operators.function.FunctionSignature;
import io.millrace.sql.plan.TimeAttributes;
import io.millrace.sql.types.Overloads;
import io.millrace.sql.types.RelTypes;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Sarg;

/**
 * Calcite's row expressions to the engine's. The function registry decides which overload a call means and what its
 * arguments are cast to; where Calcite inferred another result type, the result is cast to that.
 */
public final class ExpressionTranslator {
    private static final String ADD_MICROS = "ADD_MICROS";
    private static final String ADD_MONTHS = "ADD_MONTHS";

    private final RexBuilder rex;
    private final long statementMicros;
    private final ZoneId zone;
    private final FunctionRegistry functions = FunctionRegistry.builtIn();

    /**
     * @param statementMicros the moment that CURRENT_TIMESTAMP and its like give
     * @param zone of the session
     */
    public ExpressionTranslator(RexBuilder rex, long statementMicros, ZoneId zone) {
        this.rex = rex;
        this.statementMicros = statementMicros;
        this.zone = zone;
    }

    /** The expression with the type that Calcite gave it. */
    public Expression translate(RexNode node) {
        Expression expression = part(node);
        return ConstantFolder.fold(Expressions.inSession(typed(node, expression), statementMicros, zone));
    }

    private static Expression typed(RexNode node, Expression expression) {
        return isInterval(node.getType())
                ? expression
                : Casts.inferred(expression, RelTypes.toDataType(node.getType()));
    }

    /** The expression with the type that the registry gives it; whoever uses it casts it to what is wanted. */
    private Expression part(RexNode node) {
        return switch (node) {
            case RexInputRef ref -> new Expression.Input(ref.getIndex(), RelTypes.toDataType(ref.getType()));
            case RexLiteral literal -> Literals.of(literal);
            case RexFieldAccess access -> field(access);
            case RexCall call -> call(call);
            default -> throw unsupported(String.valueOf(node));
        };
    }

    private static MillraceException unsupported(String what) {
        return new MillraceException(ErrorCode.UNSUPPORTED, "the expression " + what + " is not supported");
    }

    private Expression field(RexFieldAccess access) {
        Expression row = part(access.getReferenceExpr());
        Expression index = new Expression.Literal(access.getField().getIndex(), DataType.INT.notNull());
        DataType type = RelTypes.toDataType(access.getType());
        return new Expression.Call(
                "FIELD", List.of(row, index), type.withNullable(type.nullable() || row.type().nullable()));
    }

    private Expression call(RexCall call) {
        if (TimeAttributes.isMarker(call)) {
            return part(call.getOperands().getFirst());
        }
        return switch (call.getKind()) {
            case SEARCH -> search(call);
            case CAST -> explicitCast(call, "CAST");
            case SAFE_CAST -> explicitCast(call, "TRY_CAST");
            case REINTERPRET -> part(call.getOperands().getFirst());
            case MINUS_PREFIX -> invoke("NEGATE", arguments(call));
            case PLUS_PREFIX -> part(call.getOperands().getFirst());
            case IS_UNKNOWN -> invoke("IS NULL", arguments(call));
            case MOD -> invoke("%", arguments(call));
            case PLUS, MINUS -> plusOrMinus(call);
            case TIMES, DIVIDE ->
                    invoke(
                            call.getOperator().getName().equals("/INT") ? "/" : call.getOperator().getName(),
                            arguments(call));
            case FLOOR, CEIL, EXTRACT, TIMESTAMP_ADD, TIMESTAMP_DIFF -> timeFunction(call);
            case TRIM -> trim(call);
            case ROW, ARRAY_VALUE_CONSTRUCTOR, MAP_VALUE_CONSTRUCTOR -> constructor(call);
            default -> invokeNamed(call);
        };
    }

    private Expression invokeNamed(RexCall call) {
        String name = call.getOperator().getName();
        if (call.getOperator().isDynamicFunction()) {
            return new Expression.Call(name, List.of(), RelTypes.toDataType(call.getType()));
        }
        return invoke(name, arguments(call));
    }

    private List<Expression> arguments(RexCall call) {
        return call.getOperands().stream().map(this::part).toList();
    }

    /** A call of the overload that takes these arguments, with the casts it needs. */
    private Expression invoke(String name, List<Expression> arguments) {
        if (!functions.contains(name)) {
            throw unsupported(name);
        }
        List<DataType> types = arguments.stream().map(Expression::type).toList();
        FunctionSignature signature =
                Overloads.find(name, types, untyped(arguments)).orElseGet(() -> functions.resolve(name, types));
        List<Expression> cast = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            cast.add(Casts.cast(arguments.get(i), signature.argumentTypes().get(i)));
        }
        return new Expression.Call(signature.name(), cast, signature.resultType());
    }

    /** NULLs without a type are of type INT. */
    private static BitSet untyped(List<Expression> arguments) {
        BitSet untyped = new BitSet();
        for (int i = 0; i < arguments.size(); i++) {
            boolean isNull = arguments.get(i) instanceof Expression.Literal literal && literal.value() == null;
            untyped.set(i, isNull && arguments.get(i).type().kind() == TypeKind.INT);
        }
        return untyped;
    }

    private Expression explicitCast(RexCall call, String function) {
        RexNode operand = call.getOperands().getFirst();
        DataType type = RelTypes.toDataType(call.getType());
        if (isInterval(operand.getType())) {
            throw unsupported("CAST of an INTERVAL");
        }
        Expression argument = part(operand);
        if (function.equals("CAST")) {
            return Casts.cast(argument, type);
        }
        return argument.type().sameValues(type)
                ? argument
                : new Expression.Call(function, List.of(argument), type.withNullable(true));
    }

    /** {@code x IN (…)} where it is one, else the comparisons that Calcite folded into one. */
    private Expression search(RexCall call) {
        Sarg<?> sarg = ((RexLiteral) call.getOperands().get(1)).getValueAs(Sarg.class);
        RexNode expanded = RexUtil.expandSearch(rex, null, call);
        if (sarg.isPoints() && sarg.pointCount > 2 && expanded.getKind() == SqlKind.OR) {
            List<Expression> members = new ArrayList<>();
            for (RexNode equality : ((RexCall) expanded).getOperands()) {
                if (equality.getKind() != SqlKind.EQUALS) {
                    return part(expanded);
                }
                List<RexNode> sides = ((RexCall) equality).getOperands();
                if (members.isEmpty()) {
                    members.add(part(sides.get(0)));
                }
                members.add(part(sides.get(1)));
            }
            return invoke("IN", members);
        }
        return part(expanded);
    }

    private Expression plusOrMinus(RexCall call) {
        RexNode left = call.getOperands().get(0);
        RexNode right = call.getOperands().get(1);
        boolean minus = call.getKind() == SqlKind.MINUS;
        if (isTime(left.getType()) && isInterval(right.getType())) {
            Expression amount = part(right);
            return shifted(part(left), minus ? negated(amount) : amount, right.getType());
        }
        if (isInterval(left.getType()) && isTime(right.getType())) {
            return shifted(part(right), part(left), left.getType());
        }
        if (isTime(left.getType()) && isTime(right.getType())) {
            if (call.getType().getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_YEAR_MONTH) {
                throw unsupported("a difference in months; use TIMESTAMPDIFF");
            }
            return invoke("DIFF_MICROS", List.of(part(left), part(right)));
        }
        return invoke(minus ? "-" : "+", arguments(call));
    }

    private Expression shifted(Expression time, Expression amount, RelDataType interval) {
        boolean months = interval.getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_YEAR_MONTH;
        return invoke(months ? ADD_MONTHS : ADD_MICROS, List.of(time, amount));
    }

    private Expression negated(Expression amount) {
        if (amount instanceof Expression.Literal literal && literal.value() instanceof Long micros) {
            return new Expression.Literal(-micros, literal.type());
        }
        if (amount instanceof Expression.Literal literal && literal.value() instanceof Integer months) {
            return new Expression.Literal(-months, literal.type());
        }
        return invoke("NEGATE", List.of(amount));
    }

    private static boolean isTime(RelDataType type) {
        return type.getSqlTypeName().getFamily() == SqlTypeFamily.DATE
                || type.getSqlTypeName().getFamily() == SqlTypeFamily.TIME
                || type.getSqlTypeName().getFamily() == SqlTypeFamily.TIMESTAMP;
    }

    private static boolean isInterval(RelDataType type) {
        return SqlTypeName.INTERVAL_TYPES.contains(type.getSqlTypeName());
    }

    /** Units go in front, as text; a floor without a unit is one of a number. */
    private Expression timeFunction(RexCall call) {
        String unit = null;
        List<Expression> values = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            if (operand instanceof RexLiteral flag && flag.getTypeName() == SqlTypeName.SYMBOL) {
                unit = unitName(flag);
            } else {
                values.add(part(operand));
            }
        }
        String name = call.getOperator().getName();
        if (unit == null) {
            return invoke(name, values);
        }
        Expression unitText = new Expression.Literal(unit, DataType.varchar(unit.length()).notNull());
        boolean unitLast = call.getKind() == SqlKind.FLOOR || call.getKind() == SqlKind.CEIL;
        values.add(unitLast ? values.size() : 0, unitText);
        return invoke(name, values);
    }

    private static String unitName(RexLiteral flag) {
        Object unit = flag.getValue();
        return unit instanceof TimeUnitRange range && range.endUnit == null
                ? range.startUnit.name()
                : String.valueOf(unit);
    }

    private Expression trim(RexCall call) {
        SqlTrimFunction.Flag side = ((RexLiteral) call.getOperands().getFirst()).getValueAs(SqlTrimFunction.Flag.class);
        String name =
                switch (side) {
                    case LEADING -> "LTRIM";
                    case TRAILING -> "RTRIM";
                    case BOTH -> "BTRIM";
                };
        return invoke(name, List.of(part(call.getOperands().get(2)), part(call.getOperands().get(1))));
    }

    /** ROW, ARRAY and MAP have the type that Calcite gave, so that the fields keep their names. */
    private Expression constructor(RexCall call) {
        DataType type = RelTypes.toDataType(call.getType());
        List<Expression> arguments = new ArrayList<>();
        for (int i = 0; i < call.getOperands().size(); i++) {
            arguments.add(Casts.cast(part(call.getOperands().get(i)), memberType(type, i)));
        }
        String name =
                switch (type.kind()) {
                    case ROW -> "ROW";
                    case ARRAY -> "ARRAY";
                    default -> "MAP";
                };
        return new Expression.Call(name, arguments, type);
    }

    private static DataType memberType(DataType type, int index) {
        if (type.kind() == TypeKind.ROW) {
            return type.children().get(index).type();
        }
        return type.kind() == TypeKind.ARRAY ? type.elementType() : type.elementType().children().get(index % 2).type();
    }
}
