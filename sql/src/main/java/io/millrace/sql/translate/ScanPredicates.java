package io.millrace.sql.translate;

import io.millrace.connectors.api.ScanPredicate;
import io.millrace.connectors.api.ScanPredicate.Comparison;
import io.millrace.operators.expression.Expression;
import java.util.ArrayList;
import java.util.List;

/** The parts of a condition that a source may use to leave out data: comparisons of a column with constants. */
final class ScanPredicates {
    private ScanPredicates() {}

    /**
     * @param condition over the scan's output, or null
     * @param projection the source's column for each of the scan's
     */
    static List<ScanPredicate> of(Expression condition, List<Integer> projection) {
        List<ScanPredicate> predicates = new ArrayList<>();
        if (condition != null) {
            collect(condition, projection, predicates);
        }
        return predicates;
    }

    private static void collect(Expression condition, List<Integer> projection, List<ScanPredicate> predicates) {
        if (!(condition instanceof Expression.Call call)) {
            return;
        }
        List<Expression> arguments = call.arguments();
        switch (call.function()) {
            case "AND" -> arguments.forEach(argument -> collect(argument, projection, predicates));
            case "IS NULL" -> add(arguments, Comparison.IS_NULL, projection, predicates);
            case "IS NOT NULL" -> add(arguments, Comparison.IS_NOT_NULL, projection, predicates);
            case "IN" -> add(arguments, Comparison.IN, projection, predicates);
            case "OR" -> {
                List<Expression> members = new ArrayList<>();
                if (isOneOf(call, members)) {
                    add(members, Comparison.IN, projection, predicates);
                }
            }
            case "=", "<>", "<", "<=", ">", ">=" -> compare(call, projection, predicates);
            default -> {}
        }
    }

    /**
     * Whether a condition says only that one column equals this or that, as IN with few members comes; collects the
     * column, then the values.
     */
    private static boolean isOneOf(Expression condition, List<Expression> members) {
        if (!(condition instanceof Expression.Call call)) {
            return false;
        }
        List<Expression> arguments = call.arguments();
        if (call.function().equals("OR")) {
            return arguments.stream().allMatch(argument -> isOneOf(argument, members));
        }
        boolean equals = call.function().equals("=");
        if (!equals && !call.function().equals("IN")) {
            return false;
        }
        if (equals && arguments.getFirst() instanceof Expression.Literal) {
            arguments = arguments.reversed();
        }
        if (members.isEmpty()) {
            members.add(arguments.getFirst());
        }
        members.addAll(arguments.subList(1, arguments.size()));
        return members.getFirst().equals(arguments.getFirst());
    }

    private static void compare(Expression.Call call, List<Integer> projection, List<ScanPredicate> predicates) {
        Comparison comparison =
                switch (call.function()) {
                    case "=" -> Comparison.EQUAL;
                    case "<>" -> Comparison.NOT_EQUAL;
                    case "<" -> Comparison.LESS;
                    case "<=" -> Comparison.LESS_OR_EQUAL;
                    case ">" -> Comparison.GREATER;
                    default -> Comparison.GREATER_OR_EQUAL;
                };
        if (call.arguments().getFirst() instanceof Expression.Literal) {
            add(call.arguments().reversed(), mirrored(comparison), projection, predicates);
        } else {
            add(call.arguments(), comparison, projection, predicates);
        }
    }

    private static Comparison mirrored(Comparison comparison) {
        return switch (comparison) {
            case LESS -> Comparison.GREATER;
            case LESS_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
            case GREATER -> Comparison.LESS;
            case GREATER_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
            default -> comparison;
        };
    }

    private static void add(
            List<Expression> arguments,
            Comparison comparison,
            List<Integer> projection,
            List<ScanPredicate> predicates) {
        if (!(arguments.getFirst() instanceof Expression.Input input)) {
            return;
        }
        List<Object> values = new ArrayList<>();
        for (Expression argument : arguments.subList(1, arguments.size())) {
            boolean usable =
                    argument instanceof Expression.Literal literal
                            && literal.value() != null
                            && literal.type().kind() == input.type().kind();
            if (!usable) {
                return;
            }
            values.add(((Expression.Literal) argument).value());
        }
        predicates.add(new ScanPredicate(projection.get(input.index()), comparison, values));
    }
}
