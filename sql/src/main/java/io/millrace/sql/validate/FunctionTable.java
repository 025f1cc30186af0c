package io.millrace.sql.validate;

import io.millrace.operators.function.FunctionRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.validate.SqlNameMatcher;

/**
 * The operators and functions that SQL may use: those with syntax of their own from Calcite, the aggregates, the window
 * table functions, and every plain function of the engine's registry.
 */
public final class FunctionTable {
    /** Marks a table's event time in the plan; gives its argument back. No user writes it. */
    public static final SqlFunction ROWTIME =
            new SqlFunction(
                    "$ROWTIME",
                    SqlKind.OTHER_FUNCTION,
                    ReturnTypes.ARG0,
                    null,
                    OperandTypes.ANY,
                    SqlFunctionCategory.SYSTEM);

    private static final List<SqlOperator> SYNTAX =
            List.of(
                    SqlStdOperatorTable.AND,
                    SqlStdOperatorTable.OR,
                    SqlStdOperatorTable.NOT,
                    SqlStdOperatorTable.EQUALS,
                    SqlStdOperatorTable.NOT_EQUALS,
                    SqlStdOperatorTable.LESS_THAN,
                    SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
                    SqlStdOperatorTable.GREATER_THAN,
                    SqlStdOperatorTable.GREATER_THAN_OR_EQUAL,
                    SqlStdOperatorTable.IS_DISTINCT_FROM,
                    SqlStdOperatorTable.IS_NOT_DISTINCT_FROM,
                    SqlStdOperatorTable.IS_NULL,
                    SqlStdOperatorTable.IS_NOT_NULL,
                    SqlStdOperatorTable.IS_TRUE,
                    SqlStdOperatorTable.IS_NOT_TRUE,
                    SqlStdOperatorTable.IS_FALSE,
                    SqlStdOperatorTable.IS_NOT_FALSE,
                    SqlStdOperatorTable.IS_UNKNOWN,
                    SqlStdOperatorTable.IS_NOT_UNKNOWN,
                    SqlStdOperatorTable.BETWEEN,
                    SqlStdOperatorTable.NOT_BETWEEN,
                    SqlStdOperatorTable.SYMMETRIC_BETWEEN,
                    SqlStdOperatorTable.IN,
                    SqlStdOperatorTable.NOT_IN,
                    SqlStdOperatorTable.LIKE,
                    SqlStdOperatorTable.NOT_LIKE,
                    SqlStdOperatorTable.PLUS,
                    SqlStdOperatorTable.MINUS,
                    SqlStdOperatorTable.MULTIPLY,
                    SqlStdOperatorTable.DIVIDE,
                    SqlStdOperatorTable.PERCENT_REMAINDER,
                    SqlStdOperatorTable.MOD,
                    SqlStdOperatorTable.UNARY_MINUS,
                    SqlStdOperatorTable.UNARY_PLUS,
                    SqlStdOperatorTable.DATETIME_PLUS,
                    SqlStdOperatorTable.MINUS_DATE,
                    SqlStdOperatorTable.CONCAT,
                    SqlStdOperatorTable.CASE,
                    SqlStdOperatorTable.CAST,
                    SqlLibraryOperators.TRY_CAST,
                    SqlStdOperatorTable.COALESCE,
                    SqlStdOperatorTable.NULLIF,
                    SqlStdOperatorTable.EXTRACT,
                    SqlStdOperatorTable.YEAR,
                    SqlStdOperatorTable.QUARTER,
                    SqlStdOperatorTable.MONTH,
                    SqlStdOperatorTable.WEEK,
                    SqlStdOperatorTable.DAYOFYEAR,
                    SqlStdOperatorTable.DAYOFMONTH,
                    SqlStdOperatorTable.DAYOFWEEK,
                    SqlStdOperatorTable.HOUR,
                    SqlStdOperatorTable.MINUTE,
                    SqlStdOperatorTable.SECOND,
                    SqlStdOperatorTable.TIMESTAMP_ADD,
                    SqlStdOperatorTable.TIMESTAMP_DIFF,
                    SqlStdOperatorTable.FLOOR,
                    SqlStdOperatorTable.CEIL,
                    SqlStdOperatorTable.POSITION,
                    SqlStdOperatorTable.SUBSTRING,
                    SqlStdOperatorTable.TRIM,
                    SqlStdOperatorTable.ROW,
                    SqlStdOperatorTable.ARRAY_VALUE_CONSTRUCTOR,
                    SqlStdOperatorTable.MAP_VALUE_CONSTRUCTOR,
                    SqlStdOperatorTable.ITEM,
                    SqlStdOperatorTable.DOT,
                    SqlStdOperatorTable.CARDINALITY,
                    SqlStdOperatorTable.AS,
                    SqlStdOperatorTable.DESC,
                    SqlStdOperatorTable.NULLS_FIRST,
                    SqlStdOperatorTable.NULLS_LAST,
                    SqlStdOperatorTable.VALUES,
                    SqlStdOperatorTable.EXPLICIT_TABLE,
                    SqlStdOperatorTable.COLLECTION_TABLE,
                    SqlStdOperatorTable.DESCRIPTOR,
                    SqlStdOperatorTable.DEFAULT,
                    SqlStdOperatorTable.ARGUMENT_ASSIGNMENT,
                    SqlStdOperatorTable.UNION,
                    SqlStdOperatorTable.UNION_ALL,
                    SqlStdOperatorTable.FILTER,
                    SqlStdOperatorTable.EXISTS,
                    SqlStdOperatorTable.SCALAR_QUERY,
                    ROWTIME);

    private static final List<SqlOperator> AGGREGATES =
            List.of(
                    SqlStdOperatorTable.COUNT,
                    SqlStdOperatorTable.SUM,
                    SqlStdOperatorTable.MIN,
                    SqlStdOperatorTable.MAX,
                    SqlStdOperatorTable.AVG);

    private static final FunctionTable INSTANCE = new FunctionTable();

    private final SqlOperatorTable operators;
    private final Set<String> names = new TreeSet<>();

    private FunctionTable() {
        List<SqlOperator> all = new ArrayList<>(SYNTAX);
        all.addAll(AGGREGATES);
        all.addAll(WindowFunctions.all());
        all.addAll(SessionFunction.all());
        for (SqlOperator operator : all) {
            if (operator instanceof SqlFunction && isPlain(operator.getName())) {
                names.add(operator.getName());
            }
        }
        for (String name : FunctionRegistry.builtIn().names()) {
            if (isPlain(name) && !names.contains(name)) {
                all.add(new RegistryFunction(name, true));
                names.add(name);
            }
        }
        operators = new AnyCase(all);
    }

    /** Finds functions in capitals and small letters alike, unlike tables and columns. */
    private static final class AnyCase implements SqlOperatorTable {
        private final Map<String, List<SqlOperator>> byName = new HashMap<>();

        AnyCase(List<SqlOperator> operators) {
            for (SqlOperator operator : operators) {
                byName.computeIfAbsent(operator.getName().toUpperCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(operator);
            }
        }

        @Override
        public void lookupOperatorOverloads(
                SqlIdentifier name,
                SqlFunctionCategory category,
                SqlSyntax syntax,
                List<SqlOperator> found,
                SqlNameMatcher matcher) {
            if (!name.isSimple()) {
                return;
            }
            for (SqlOperator operator : byName.getOrDefault(name.getSimple().toUpperCase(Locale.ROOT), List.of())) {
                if (hasSyntax(operator, syntax) && hasCategory(operator, category)) {
                    found.add(operator);
                }
            }
        }

        private static boolean hasSyntax(SqlOperator operator, SqlSyntax syntax) {
            return operator.getSyntax().family == syntax.family
                    || (syntax == SqlSyntax.FUNCTION && operator instanceof SqlFunction);
        }

        private static boolean hasCategory(SqlOperator operator, SqlFunctionCategory category) {
            return category == null
                    || category.isUserDefinedNotSpecificFunction()
                    || (operator instanceof SqlFunction function && function.getFunctionType() == category);
        }

        @Override
        public List<SqlOperator> getOperatorList() {
            return byName.values().stream().flatMap(List::stream).toList();
        }
    }

    public static SqlOperatorTable operators() {
        return INSTANCE.operators;
    }

    /** Names of all functions that a user may call, aggregates and window functions included; sorted. */
    public static Collection<String> names() {
        return INSTANCE.names;
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && Character.isLetter(name.charAt(0))
                && name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_')
                && !Set.of("AND", "OR", "NOT", "LIKE", "IN", "ROW", "NEGATE", "FIELD", "CASE", "DESCRIPTOR", "DEFAULT")
                        .contains(name);
    }
}
