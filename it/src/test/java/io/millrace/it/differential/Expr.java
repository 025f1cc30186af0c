package io.millrace.it.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * An expression: a text for each dialect in which {@code {0}}, {@code {1}} … stand for the arguments. Immutable.
 *
 * @param role what becomes of it when it shrinks
 */
record Expr(ValueType type, String engine, String duckDb, List<Expr> arguments, Role role) {
    /** What an expression is for. */
    enum Role {
        /** Computes a value in a row. */
        SCALAR,
        /** Reads a column. */
        COLUMN,
        /** Aggregates, and must go on doing so. */
        AGGREGATE
    }

    static Expr leaf(ValueType type, String text) {
        return new Expr(type, text, text, List.of(), Role.SCALAR);
    }

    static Expr column(ValueType type, String name) {
        return new Expr(type, name, name, List.of(), Role.COLUMN);
    }

    static Expr call(ValueType type, String text, Expr... arguments) {
        return new Expr(type, text, text, List.of(arguments), Role.SCALAR);
    }

    static Expr call(ValueType type, String engine, String duckDb, Expr... arguments) {
        return new Expr(type, engine, duckDb, List.of(arguments), Role.SCALAR);
    }

    static Expr aggregate(ValueType type, String text, Expr... arguments) {
        return new Expr(type, text, text, List.of(arguments), Role.AGGREGATE);
    }

    String text(Dialect dialect) {
        String text = dialect == Dialect.ENGINE ? engine : duckDb;
        for (int i = 0; i < arguments.size(); i++) {
            text = text.replace("{" + i + "}", arguments.get(i).text(dialect));
        }
        return text;
    }

    /** Whether any column is read. */
    boolean readsColumns() {
        return role == Role.COLUMN || arguments.stream().anyMatch(Expr::readsColumns);
    }

    int size() {
        int size = 1;
        for (Expr argument : arguments) {
            size += argument.size();
        }
        return size;
    }

    /** Smaller expressions of the same type, the smallest first. */
    List<Expr> smaller() {
        List<Expr> smaller = new ArrayList<>();
        if (arguments.isEmpty()) {
            return smaller;
        }
        if (role != Role.AGGREGATE) {
            smaller.add(type.simplest());
            arguments.stream().filter(argument -> argument.type == type).forEach(smaller::add);
        }
        for (int i = 0; i < arguments.size(); i++) {
            for (Expr replacement : arguments.get(i).smaller()) {
                List<Expr> replaced = new ArrayList<>(arguments);
                replaced.set(i, replacement);
                smaller.add(new Expr(type, engine, duckDb, List.copyOf(replaced), role));
            }
        }
        return smaller;
    }
}
