package io.millrace.operators.contract;

import io.millrace.memory.types.DataType;
import io.millrace.operators.expression.Expression;
import io.millrace.state.checkpoint.StateMeaning;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What an operator's output is, in words: the same for all plans of one query, whichever way columns are numbered,
 * filters are placed or work is divided. Two operators whose state means the same may take each other's place.
 *
 * @param base where the rows come from
 * @param filters that all of them passed
 * @param columns what each column is
 */
public record Meaning(String base, Set<String> filters, List<String> columns) {
    /** Functions whose arguments may change places. */
    private static final Set<String> COMMUTATIVE = Set.of("AND", "OR", "=", "<>", "+", "*");

    public Meaning {
        filters = new TreeSet<>(filters);
        columns = List.copyOf(columns);
    }

    /** Rows that nothing has left out. */
    public Meaning(String base, List<String> columns) {
        this(base, Set.of(), columns);
    }

    /** The rows, without their columns. */
    public String rows() {
        return filters.isEmpty() ? base : base + " where " + String.join(" and ", filters);
    }

    /** The rows of several inputs together; of one, itself. */
    public static Meaning union(List<Meaning> inputs) {
        if (inputs.size() == 1) {
            return inputs.getFirst();
        }
        String base =
                inputs.stream()
                        .map(input -> input.rows() + " as " + input.columns())
                        .sorted()
                        .collect(Collectors.joining(" union ", "(", ")"));
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < inputs.getFirst().columns().size(); i++) {
            columns.add("union." + i);
        }
        return new Meaning(base, columns);
    }

    /** What a column is, or nothing for none. */
    public String column(int index) {
        return index < 0 ? "" : columns.get(index);
    }

    /** Where state has one of these columns, and of which type. */
    public StateMeaning.Part part(int index, DataType type) {
        return new StateMeaning.Part(StateMeaning.untyped(columns.get(index)), List.of(type.toString()));
    }

    /** What columns are, without their order. */
    public String unordered(Collection<Integer> indices) {
        return indices.stream().map(columns::get).sorted().collect(Collectors.joining(", ", "[", "]"));
    }

    /** The rows for which a condition holds too. */
    public Meaning where(Expression condition) {
        if (condition == null) {
            return this;
        }
        Set<String> all = new TreeSet<>(filters);
        if (condition instanceof Expression.Call call && call.function().equals("AND")) {
            call.arguments().forEach(conjunct -> all.add(of(conjunct)));
        } else {
            all.add(of(condition));
        }
        return new Meaning(base, all, columns);
    }

    /** What an expression over these columns is. */
    public String of(Expression expression) {
        return switch (expression) {
            case Expression.Input input -> columns.get(input.index());
            case Expression.Literal literal -> literal + ":" + literal.type();
            case Expression.Call call -> {
                List<String> arguments = new ArrayList<>(call.arguments().stream().map(this::of).toList());
                if (COMMUTATIVE.contains(call.function())) {
                    arguments.sort(null);
                }
                yield call.function() + ":" + call.type() + arguments;
            }
        };
    }
}
