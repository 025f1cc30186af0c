package io.millrace.sql.validate;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.parser.StatementParser;
import io.millrace.sql.statement.StatementSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * Refuses what the engine cannot run, at its place, before validation would say something less helpful; and trees so
 * deep that walking them is dangerous. It walks with a stack of its own.
 */
final class UnsupportedSyntax {
    /** Operators inside operators: {@code a + a + a …} is as deep as it is long. */
    private static final int MAX_DEPTH = 4_000;

    private record Visit(SqlNode node, int depth) {}

    private UnsupportedSyntax() {}

    static void check(SqlNode root) {
        Deque<Visit> stack = new ArrayDeque<>();
        stack.push(new Visit(root, 0));
        while (!stack.isEmpty()) {
            Visit visit = stack.pop();
            if (visit.depth > MAX_DEPTH) {
                throw StatementParser.tooDeep(StatementSource.position(visit.node.getParserPosition()));
            }
            if (visit.node instanceof SqlDataTypeSpec spec) {
                TypeChecks.check(spec);
            } else if (visit.node instanceof SqlNodeList list) {
                push(stack, list.getList(), visit.depth);
            } else if (visit.node instanceof SqlCall call) {
                refuse(call);
                push(stack, call.getOperandList(), visit.depth);
            }
        }
    }

    private static void push(Deque<Visit> stack, Iterable<? extends SqlNode> nodes, int depth) {
        for (SqlNode node : nodes) {
            if (node != null) {
                stack.push(new Visit(node, depth + 1));
            }
        }
    }

    private static void refuse(SqlCall call) {
        switch (call.getKind()) {
            case JOIN -> throw unsupported("joins are", ((SqlJoin) call).getJoinTypeNode().getParserPosition());
            case OVER -> throw unsupported("OVER windows are", call.getParserPosition());
            case MATCH_RECOGNIZE -> throw unsupported("MATCH_RECOGNIZE is", call.getParserPosition());
            case INTERSECT -> throw unsupported("INTERSECT is", call.getParserPosition());
            case EXCEPT -> throw unsupported("EXCEPT is", call.getParserPosition());
            case GROUPING_SETS, CUBE, ROLLUP ->
                    throw unsupported(call.getOperator().getName() + " is", call.getParserPosition());
            case EXISTS -> throw unsupported("EXISTS is", call.getParserPosition());
            case SCALAR_QUERY -> throw unsupported("a query as a value is", call.getParserPosition());
            case LATERAL, UNNEST -> throw unsupported(call.getOperator().getName() + " is", call.getParserPosition());
            case PIVOT, UNPIVOT, TABLESAMPLE, SNAPSHOT ->
                    throw unsupported(call.getOperator().getName() + " is", call.getParserPosition());
            case WITHIN_GROUP, WITHIN_DISTINCT, RESPECT_NULLS, IGNORE_NULLS ->
                    throw unsupported(call.getOperator().getName() + " is", call.getParserPosition());
            case TUMBLE, HOP, SESSION -> throw legacyWindow(call);
            case SIMILAR -> throw unsupported("SIMILAR TO is", call.getParserPosition());
            case COLLECTION_TABLE -> refuseTableFunction(call);
            case IN, NOT_IN, SOME, ALL -> refuseQueryOperand(call);
            case SELECT -> refuseClauses((SqlSelect) call);
            case WITH -> refuseRecursion((SqlWith) call);
            default -> refuseQueryAsValue(call);
        }
    }

    private static MillraceException legacyWindow(SqlCall call) {
        String name = call.getOperator().getName().replace("$", "");
        return unsupported(name + " in GROUP BY is", call.getParserPosition())
                .withHelp(
                        "Write FROM "
                                + WindowFunctions.example(WindowFunctions.names().contains(name) ? name : "TUMBLE")
                                + " GROUP BY window_start, window_end.");
    }

    private static void refuseTableFunction(SqlCall call) {
        SqlOperator function = ((SqlCall) call.operand(0)).getOperator();
        String name = function.getName().toUpperCase(Locale.ROOT);
        SqlParserPos pos = call.operand(0).getParserPosition();
        if (name.equals("CUMULATE") || name.equals("SESSION")) {
            throw unsupported(name + " windows are", pos);
        }
        if (!WindowFunctions.names().contains(name)) {
            throw new MillraceException(ErrorCode.UNKNOWN_FUNCTION, "there is no table function " + function.getName())
                    .withHelp(NearestName.help(name, WindowFunctions.names(), "There are TUMBLE and HOP."))
                    .at(StatementSource.position(pos));
        }
    }

    private static void refuseQueryOperand(SqlCall call) {
        for (SqlNode operand : call.getOperandList()) {
            if (isQuery(operand)) {
                throw unsupported(call.getOperator().getName() + " of a query is", operand.getParserPosition());
            }
        }
    }

    private static void refuseQueryAsValue(SqlCall call) {
        switch (call.getOperator().getSyntax()) {
            case BINARY, PREFIX, POSTFIX -> {
                boolean takesQueries =
                        switch (call.getKind()) {
                            case UNION, INTERSECT, EXCEPT, EXPLICIT_TABLE, ORDER_BY, AS, FILTER -> true;
                            default -> false;
                        };
                if (!takesQueries) {
                    refuseQueryOperand(call);
                }
            }
            default -> {}
        }
    }

    private static boolean isQuery(SqlNode node) {
        return node != null
                && switch (node.getKind()) {
                    case SELECT, VALUES, UNION, ORDER_BY, WITH -> true;
                    default -> false;
                };
    }

    private static void refuseClauses(SqlSelect select) {
        if (select.getQualify() != null) {
            throw unsupported("QUALIFY is", select.getQualify().getParserPosition());
        }
        if (select.getWindowList() != null && !select.getWindowList().isEmpty()) {
            throw unsupported("the WINDOW clause is", select.getWindowList().getParserPosition());
        }
        for (SqlNode item : select.getSelectList()) {
            SqlNode value =
                    item instanceof SqlCall as && as.getKind() == org.apache.calcite.sql.SqlKind.AS
                            ? as.operand(0)
                            : item;
            if (isQuery(value)) {
                throw unsupported("a query as a value is", value.getParserPosition());
            }
        }
    }

    private static void refuseRecursion(SqlWith with) {
        for (SqlNode item : with.withList) {
            if (((org.apache.calcite.sql.SqlWithItem) item).recursive.booleanValue()) {
                throw unsupported("WITH RECURSIVE is", item.getParserPosition());
            }
        }
    }

    private static MillraceException unsupported(String what, SqlParserPos pos) {
        return new MillraceException(ErrorCode.UNSUPPORTED, what + " not supported yet")
                .at(StatementSource.position(pos));
    }
}
