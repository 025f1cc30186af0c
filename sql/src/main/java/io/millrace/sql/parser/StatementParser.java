package io.millrace.sql.parser;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.grammar.MillraceSqlParser;
import io.millrace.sql.grammar.ParseException;
import io.millrace.sql.grammar.TokenMgrError;
import io.millrace.sql.names.NearestName;
import io.millrace.sql.statement.Statement;
import io.millrace.sql.statement.StatementSource;
import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;

/** Text to {@link Statement}. Stateless, thread-safe; errors carry the place in the script. */
public final class StatementParser {
    private static final int MAX_IDENTIFIER_CHARS = 1024;
    private static final Set<String> NOT_SUPPORTED =
            Set.of(
                    "ALTER",
                    "ANALYZE",
                    "CALL",
                    "COMPILE",
                    "DELETE",
                    "LOAD",
                    "MERGE",
                    "TRUNCATE",
                    "UNLOAD",
                    "UPDATE",
                    "UPSERT",
                    "USE");

    private static final List<String> STARTS =
            List.of(
                    "SELECT",
                    "INSERT",
                    "CREATE",
                    "WITH",
                    "VALUES",
                    "TABLE",
                    "DROP",
                    "SET",
                    "RESET",
                    "EXPLAIN",
                    "SHOW",
                    "DESCRIBE",
                    "DESC",
                    "BEGIN",
                    "EXECUTE");

    private StatementParser() {}

    /** Parses one statement of a script. */
    public static Statement parse(StatementSource source) {
        checkFirstWord(source);
        MillraceSqlParser parser = open(source.text(), source.position());
        return guarded(parser, () -> parser.StatementEof(source));
    }

    /** The tree of a query that a statement holds as text; each call makes a new one. */
    public static SqlNode parseQuery(StatementSource query) {
        MillraceSqlParser parser = open(query.text(), query.position());
        return guarded(parser, parser::QueryEof);
    }

    /** The tree of an expression that a statement holds as text; each call makes a new one. */
    public static SqlNode parseExpression(StatementSource expression) {
        MillraceSqlParser parser = open(expression.text(), expression.position());
        return guarded(parser, parser::SqlExpressionEof);
    }

    /** The error for text whose nesting is deeper than can be handled. */
    public static MillraceException tooDeep(SqlPosition position) {
        return SqlScript.tooDeep(position);
    }

    private static MillraceSqlParser open(String text, SqlPosition position) {
        MillraceSqlParser parser = new MillraceSqlParser(new StringReader(""));
        guarded(
                parser,
                () -> {
                    parser.open(new StringReader(text), position.line(), position.column());
                    return parser;
                });
        parser.setQuotedCasing(Casing.UNCHANGED);
        parser.setUnquotedCasing(Casing.UNCHANGED);
        parser.setIdentifierMaxLength(MAX_IDENTIFIER_CHARS);
        parser.setConformance(Dialect.INSTANCE);
        parser.switchTo(SqlAbstractParserImpl.LexicalState.BTID);
        return parser;
    }

    private interface Production<T> {
        T parse() throws ParseException;
    }

    private static <T> T guarded(MillraceSqlParser parser, Production<T> production) {
        try {
            return production.parse();
        } catch (ParseException e) {
            throw SyntaxErrors.of(e);
        } catch (TokenMgrError e) {
            throw SyntaxErrors.ofLexer(e);
        } catch (CalciteContextException e) {
            throw SyntaxErrors.of(e);
        } catch (StackOverflowError e) {
            throw SqlScript.tooDeep(new SqlPosition(parser.token.beginLine, parser.token.beginColumn));
        }
    }

    private static void checkFirstWord(StatementSource source) {
        String text = source.text();
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        String word = text.substring(0, end).toUpperCase(Locale.ROOT);
        if (NOT_SUPPORTED.contains(word)) {
            throw new MillraceException(ErrorCode.UNSUPPORTED, "the statement " + word + " is not supported")
                    .at(source.position());
        }
        if (!STARTS.contains(word) && !text.startsWith("(")) {
            String found = end == 0 ? text.substring(0, 1) : text.substring(0, end);
            throw new MillraceException(ErrorCode.SQL_SYNTAX, "expected a statement, found '" + found + "'")
                    .withHelp(
                            NearestName.help(
                                    word, STARTS, "Statements begin with SELECT, INSERT INTO, CREATE, SET, EXPLAIN …"))
                    .at(source.position());
        }
    }
}
