package io.millrace.sql.statement;

import java.util.List;

/**
 * One parsed statement. Parsing checks the grammar only: names are not resolved and types not derived. Queries and
 * expressions in it are kept as text with its place.
 */
public sealed interface Statement {
    /** The statement's text and where it stands in its script. */
    StatementSource source();

    /** One lower-case word for reports: {@code select}, {@code insert}, {@code create}, {@code set} … */
    String kind();

    /** SELECT, VALUES, WITH, set operations. */
    record Query(StatementSource source, StatementSource query) implements Statement {
        @Override
        public String kind() {
            return "select";
        }
    }

    /** INSERT INTO target. {@code columns} is empty when the statement lists none. */
    record Insert(StatementSource source, Name target, List<Name> columns, StatementSource query) implements Statement {
        public Insert {
            columns = List.copyOf(columns);
        }

        @Override
        public String kind() {
            return "insert";
        }
    }

    /** Several INSERTs that run as one job. */
    record StatementSet(StatementSource source, List<Insert> inserts) implements Statement {
        public StatementSet {
            inserts = List.copyOf(inserts);
        }

        @Override
        public String kind() {
            return "insert";
        }
    }

    /**
     * CREATE TABLE.
     *
     * @param like the LIKE clause, or null
     * @param query of CREATE TABLE … AS, or null
     * @param comment or null
     */
    record CreateTable(
            StatementSource source,
            Name name,
            boolean temporary,
            boolean ifNotExists,
            TableDefinition definition,
            LikeClause like,
            StatementSource query)
            implements Statement {
        @Override
        public String kind() {
            return "create";
        }
    }

    /** CREATE VIEW. {@code columns} renames the query's columns unless it is empty. */
    record CreateView(
            StatementSource source,
            Name name,
            List<Name> columns,
            boolean temporary,
            boolean replace,
            boolean ifNotExists,
            String comment,
            StatementSource query)
            implements Statement {
        public CreateView {
            columns = List.copyOf(columns);
        }

        @Override
        public String kind() {
            return "create";
        }
    }

    /** CREATE MATERIALIZED VIEW. {@code primaryKey} is empty when none is declared. */
    record CreateMaterializedView(
            StatementSource source,
            Name name,
            List<Name> columns,
            List<Name> primaryKey,
            boolean replace,
            boolean ifNotExists,
            String comment,
            List<TableOption> options,
            StatementSource query)
            implements Statement {
        public CreateMaterializedView {
            columns = List.copyOf(columns);
            primaryKey = List.copyOf(primaryKey);
            options = List.copyOf(options);
        }

        @Override
        public String kind() {
            return "create";
        }
    }

    /** DROP TABLE, VIEW or MATERIALIZED VIEW. */
    record Drop(StatementSource source, DropTarget target, Name name, boolean ifExists) implements Statement {
        @Override
        public String kind() {
            return "drop";
        }
    }

    /** SET 'key' = 'value'. */
    record SetOption(StatementSource source, TableOption option) implements Statement {
        @Override
        public String kind() {
            return "set";
        }
    }

    /** SET alone: list the settings. */
    record ShowSettings(StatementSource source) implements Statement {
        @Override
        public String kind() {
            return "show";
        }
    }

    /** RESET 'key', or of everything when {@code key} is null. */
    record Reset(StatementSource source, Name key) implements Statement {
        @Override
        public String kind() {
            return "reset";
        }
    }

    /** EXPLAIN of a query, an INSERT, a statement set, or a CREATE … AS. */
    record Explain(StatementSource source, Statement statement, boolean json) implements Statement {
        @Override
        public String kind() {
            return "explain";
        }
    }

    /** EXPLAIN MEMORY: where the process's memory is now. */
    record ExplainMemory(StatementSource source) implements Statement {
        @Override
        public String kind() {
            return "explain";
        }
    }

    /**
     * SHOW.
     *
     * @param name of the object for {@link ShowTarget#CREATE}, otherwise null
     * @param like a LIKE pattern, or null
     */
    record Show(StatementSource source, ShowTarget target, Name name, String like) implements Statement {
        @Override
        public String kind() {
            return "show";
        }
    }

    /** DESCRIBE a table or view. */
    record Describe(StatementSource source, Name name) implements Statement {
        @Override
        public String kind() {
            return "describe";
        }
    }
}
