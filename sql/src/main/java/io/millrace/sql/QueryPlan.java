package io.millrace.sql;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Source;
import io.millrace.memory.types.Schema;
import io.millrace.sql.plan.PlanFacts;
import io.millrace.sql.plan.UniqueKeys;
import io.millrace.sql.plan.WindowEnd;
import io.millrace.sql.translate.PlanInput;
import io.millrace.sql.validate.StoredTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A planned query: optimised, its sources known, its mode decided; not yet bound to where its rows go. Immutable. */
public final class QueryPlan {
    private final PlanInput input;
    private final Schema schema;
    private final boolean batch;
    private final boolean bounded;
    private final ChangelogKind changelogKind;
    private final List<Integer> required;
    private final List<Integer> uniqueKey;
    private final PlanOptions options;

    QueryPlan(
            PlanInput input,
            Schema schema,
            List<Integer> required,
            boolean batch,
            ChangelogKind changelogKind,
            PlanOptions options) {
        this.input = input;
        this.schema = schema;
        this.batch = batch;
        this.bounded = PlanFacts.isBounded(input.root());
        this.changelogKind = changelogKind;
        this.required = List.copyOf(required);
        this.uniqueKey = UniqueKeys.of(input.root());
        this.options = options;
    }

    /** The columns of the result. */
    public Schema schema() {
        return schema;
    }

    /**
     * Whether it runs in batch mode: final results only. Otherwise in streaming mode, also when all its sources end.
     */
    public boolean isBatch() {
        return batch;
    }

    /** Whether every source ends by itself. */
    public boolean isBounded() {
        return bounded;
    }

    /** What changes the result carries. */
    public ChangelogKind changelogKind() {
        return changelogKind;
    }

    /** Columns that together name a row of the result, or none when that is not known. */
    public List<Integer> uniqueKey() {
        return uniqueKey;
    }

    /** Whether there is never more than one row. */
    public boolean isSingleRow() {
        return UniqueKeys.isSingleRow(input.root());
    }

    /** The column that tells when a row is final, or null when there is none. */
    public WindowEnd windowEnd() {
        return WindowEnd.of(input.root());
    }

    /** What is read, by table name. */
    public Map<String, Source> sources() {
        Map<String, Source> sources = new LinkedHashMap<>();
        for (StoredTable table : PlanFacts.storedTables(input.root())) {
            sources.put(table.name(), table.source());
        }
        return sources;
    }

    /** Columns of the result in which the table that it is written to takes no NULL. */
    List<Integer> required() {
        return required;
    }

    PlanInput input() {
        return input;
    }

    PlanOptions options() {
        return options;
    }
}
