package io.millrace.cli.shell;

import io.millrace.engine.config.Setting;
import io.millrace.memory.types.Field;
import io.millrace.operators.function.FunctionRegistry;
import io.millrace.sql.catalog.Catalog;
import io.millrace.sql.catalog.CatalogObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/**
 * Proposes what may stand at the cursor: tables where one is expected, settings after SET, else columns of the tables
 * that the statement names, functions and keywords.
 */
public final class SqlCompleter implements Completer {
    private static final List<String> KEYWORDS =
            List.of(
                    "ALL",
                    "AND",
                    "AS",
                    "ASC",
                    "BEGIN",
                    "BETWEEN",
                    "BY",
                    "CASE",
                    "CAST",
                    "CREATE",
                    "CROSS",
                    "DESC",
                    "DESCRIBE",
                    "DESCRIPTOR",
                    "DISTINCT",
                    "DROP",
                    "ELSE",
                    "END",
                    "EXISTS",
                    "EXPLAIN",
                    "FALSE",
                    "FILTER",
                    "FROM",
                    "FULL",
                    "GROUP",
                    "HAVING",
                    "HOP",
                    "IF",
                    "IN",
                    "INNER",
                    "INSERT",
                    "INTERVAL",
                    "INTO",
                    "IS",
                    "JOIN",
                    "KEY",
                    "LEFT",
                    "LIKE",
                    "LIMIT",
                    "MATERIALIZED",
                    "MEMORY",
                    "NOT",
                    "NULL",
                    "OFFSET",
                    "ON",
                    "OR",
                    "ORDER",
                    "OVER",
                    "PARTITION",
                    "PARTITIONED",
                    "PRIMARY",
                    "RESET",
                    "RIGHT",
                    "SELECT",
                    "SET",
                    "SHOW",
                    "STATEMENT",
                    "TABLE",
                    "TABLES",
                    "THEN",
                    "TRUE",
                    "TRY_CAST",
                    "TUMBLE",
                    "UNION",
                    "VALUES",
                    "VIEW",
                    "VIEWS",
                    "WATERMARK",
                    "WHEN",
                    "WHERE",
                    "WITH");
    private static final Pattern EXPECTS_TABLE =
            Pattern.compile("(?is).*\\b(from|join|into|table|describe|desc|like)\\s+[\\w$]*");
    private static final Pattern EXPECTS_SETTING = Pattern.compile("(?is)\\s*(set|reset)\\s+'?[\\w.-]*");

    private final Catalog catalog;

    public SqlCompleter(Catalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String before = line.line().substring(0, line.cursor());
        String statement = before.substring(before.lastIndexOf(';') + 1);
        propose(statement, line.word()).forEach(text -> candidates.add(new Candidate(text)));
    }

    /**
     * What may stand for {@code word}, which ends the statement so far, in order.
     *
     * @param statement from its first letter to the cursor
     */
    Set<String> propose(String statement, String word) {
        Set<String> found = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        if (EXPECTS_SETTING.matcher(statement).matches()) {
            int open = statement.lastIndexOf('\'');
            Setting.keys().forEach(key -> found.add(open < 0 ? "'" + key + "'" : key));
            return found;
        }
        if (EXPECTS_TABLE.matcher(statement).matches()) {
            add(found, catalog.names(), word);
            return found;
        }
        for (CatalogObject object : named(statement)) {
            add(found, object.schema().fields().stream().map(Field::name).toList(), word);
        }
        boolean upper = word.isEmpty() || Character.isUpperCase(word.charAt(0));
        for (String keyword : KEYWORDS) {
            add(found, List.of(upper ? keyword : keyword.toLowerCase(Locale.ROOT)), word);
        }
        if (!word.isEmpty()) {
            for (String name : FunctionRegistry.builtIn().names()) {
                if (Character.isLetter(name.charAt(0))) {
                    add(found, List.of(upper ? name : name.toLowerCase(Locale.ROOT)), word);
                }
            }
        }
        return found;
    }

    private static void add(Set<String> found, List<String> names, String word) {
        for (String name : names) {
            if (name.regionMatches(true, 0, word, 0, word.length())) {
                found.add(name);
            }
        }
    }

    /** The tables that the statement names; all when it names none yet. */
    private List<CatalogObject> named(String statement) {
        List<CatalogObject> named =
                catalog.objects().stream()
                        .filter(object -> {
                            Matcher matcher =
                                    Pattern.compile("(?<![\\w$])" + Pattern.quote(object.name()) + "(?![\\w$])")
                                            .matcher(statement);
                            return matcher.find();
                        })
                        .toList();
        return named.isEmpty() ? catalog.objects() : named;
    }
}
