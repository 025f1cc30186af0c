package io.millrace.it.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * A random query: what is selected, from where, and how it is cut and ordered. An ordered one is ordered by everything
 * it selects, so that rows that tie are equal. Immutable.
 *
 * @param keys what it groups by, and selects first; null when it does not aggregate
 * @param values what it selects besides
 * @param having null for none, of the aggregates only
 * @param directions one for each selected expression, or empty for no order
 * @param limit negative for none; only of an ordered query
 */
record RandomQuery(
        String table,
        boolean distinct,
        List<Expr> keys,
        List<Expr> values,
        Expr where,
        Expr having,
        List<String> directions,
        int limit) {
    List<Expr> selected() {
        List<Expr> selected = new ArrayList<>(keys == null ? List.of() : keys);
        selected.addAll(values);
        return selected;
    }

    boolean isOrdered() {
        return !directions.isEmpty();
    }

    String text(Dialect dialect) {
        StringBuilder text = new StringBuilder(distinct ? "SELECT DISTINCT " : "SELECT ");
        List<Expr> selected = selected();
        for (int i = 0; i < selected.size(); i++) {
            text.append(i == 0 ? "" : ", ").append(selected.get(i).text(dialect)).append(" AS c").append(i);
        }
        text.append(" FROM ").append(table);
        if (where != null) {
            text.append(" WHERE ").append(where.text(dialect));
        }
        if (keys != null && !keys.isEmpty()) {
            text.append(" GROUP BY ").append(String.join(", ", keys.stream().map(key -> key.text(dialect)).toList()));
        }
        if (having != null) {
            text.append(" HAVING ").append(having.text(dialect));
        }
        for (int i = 0; i < directions.size(); i++) {
            text.append(i == 0 ? " ORDER BY c" : ", c").append(i).append(' ').append(directions.get(i));
        }
        return limit < 0 ? text.toString() : text + " LIMIT " + limit;
    }

    int size() {
        int size = distinct || limit >= 0 ? 1 : 0;
        for (Expr expr : selected()) {
            size += 2 + expr.size();
        }
        size += where == null ? 0 : 1 + where.size();
        size += having == null ? 0 : 1 + having.size();
        return size + directions.size();
    }

    /** Queries that are a little smaller. */
    List<RandomQuery> smaller() {
        List<RandomQuery> smaller = new ArrayList<>();
        if (where != null) {
            smaller.add(withWhere(null));
            where.smaller().forEach(expr -> smaller.add(withWhere(expr)));
        }
        if (having != null) {
            smaller.add(withHaving(null));
            having.smaller().forEach(expr -> smaller.add(withHaving(expr)));
        }
        if (isOrdered()) {
            smaller.add(new RandomQuery(table, distinct, keys, values, where, having, List.of(), -1));
        }
        if (distinct) {
            smaller.add(new RandomQuery(table, false, keys, values, where, having, directions, limit));
        }
        int keyCount = keys == null ? 0 : keys.size();
        for (int i = 0; i < keyCount; i++) {
            smaller.add(withKeys(without(keys, i), i));
            for (Expr expr : keys.get(i).smaller()) {
                if (expr.readsColumns()) {
                    smaller.add(withKeys(with(keys, i, expr), -1));
                }
            }
        }
        for (int i = 0; i < values.size(); i++) {
            smaller.add(withValues(without(values, i), keyCount + i));
            for (Expr expr : values.get(i).smaller()) {
                smaller.add(withValues(with(values, i, expr), -1));
            }
        }
        smaller.removeIf(query -> query.selected().isEmpty());
        return smaller;
    }

    private RandomQuery withWhere(Expr expr) {
        return new RandomQuery(table, distinct, keys, values, expr, having, directions, limit);
    }

    private RandomQuery withHaving(Expr expr) {
        return new RandomQuery(table, distinct, keys, values, where, expr, directions, limit);
    }

    private RandomQuery withKeys(List<Expr> newKeys, int dropped) {
        return new RandomQuery(table, distinct, newKeys, values, where, having, directions(dropped), limit);
    }

    private RandomQuery withValues(List<Expr> newValues, int dropped) {
        return new RandomQuery(table, distinct, keys, newValues, where, having, directions(dropped), limit);
    }

    private List<String> directions(int dropped) {
        return dropped < 0 || directions.isEmpty() ? directions : without(directions, dropped);
    }

    private static <T> List<T> without(List<T> list, int index) {
        List<T> changed = new ArrayList<>(list);
        changed.remove(index);
        return changed;
    }

    private static <T> List<T> with(List<T> list, int index, T element) {
        List<T> changed = new ArrayList<>(list);
        changed.set(index, element);
        return changed;
    }
}
