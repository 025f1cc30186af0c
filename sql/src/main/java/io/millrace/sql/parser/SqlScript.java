package io.millrace.sql.parser;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.statement.StatementSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Cuts a script into statements at its semicolons. Knows strings, quoted names and comments, and that a statement set
 * ({@code BEGIN STATEMENT SET; … END;}) is one statement. Not thread-safe; made for one text.
 */
public final class SqlScript {
    /** The deepest nesting of parentheses and brackets; deeper text is refused before the parser recurses into it. */
    static final int MAX_NESTING = 256;

    /** The longest chain of operators such as {@code a + b + c …}: the parser's time grows with its square. */
    static final int MAX_CHAIN = 5_000;

    private static final String OPERATORS = "+-*/%|";
    private static final Set<String> OPERATOR_WORDS = Set.of("AND", "OR", "NOT", "UNION", "INTERSECT", "EXCEPT");
    private static final List<String> BEGIN_SET = List.of("BEGIN", "STATEMENT", "SET");
    private static final List<String> EXECUTE_SET = List.of("EXECUTE", "STATEMENT", "SET", "BEGIN");

    /** As many as EXPLAIN with its details and the beginning of a set have. */
    private static final int FIRST_WORDS = 10;

    private static final List<String> END = List.of("END");

    private final String text;
    private final List<StatementSource> statements = new ArrayList<>();
    private int at;
    private int line = 1;
    private int column = 1;

    private int start = -1;
    private SqlPosition startPosition;
    private int lastSignificant;
    private int nesting;

    /** At each nesting, operators since the last comma. */
    private final int[] chains = new int[MAX_NESTING + 2];

    /** The first words of the statement, and of the part of it since the last semicolon: upper case. */
    private final List<String> words = new ArrayList<>();

    private final List<String> partWords = new ArrayList<>();

    private SqlScript(String text) {
        this.text = text;
    }

    /**
     * The statements of a script in order, empty ones left out.
     *
     * @throws MillraceException SQL_SYNTAX, at the opening quote or comment that is never closed
     */
    public static List<StatementSource> split(String text) {
        SqlScript script = new SqlScript(text);
        script.scan();
        script.endStatement();
        return script.statements;
    }

    /**
     * Whether the text ends between statements: after a semicolon, blanks and comments aside. For interactive input.
     */
    public static boolean isComplete(String text) {
        SqlScript script = new SqlScript(text);
        try {
            script.scan();
        } catch (MillraceException unterminated) {
            return script.nesting > MAX_NESTING;
        }
        return script.start < 0;
    }

    private void scan() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '`' || c == '"') {
                significant();
                quoted(c);
            } else if (startsWith("--") || startsWith("//")) {
                lineComment();
            } else if (startsWith("/*")) {
                blockComment();
            } else if (c == ';') {
                semicolon();
            } else if (Character.isWhitespace(c)) {
                advance();
            } else if (Character.isLetter(c) || c == '_') {
                significant();
                word();
            } else {
                significant();
                nest(c);
                lastSignificant = at + 1;
                advance();
            }
        }
    }

    private void semicolon() {
        if (isStatementSet() && !partWords.equals(END)) {
            partWords.clear();
            lastSignificant = at + 1;
            nesting = 0;
            Arrays.fill(chains, 0);
            advance();
        } else {
            endStatement();
            advance();
        }
    }

    /** Whether the statement begins as a set does, or as the explanation of one. */
    private boolean isStatementSet() {
        int begin = Collections.indexOfSubList(words, BEGIN_SET);
        int set = begin >= 0 ? begin : Collections.indexOfSubList(words, EXECUTE_SET);
        return set == 0 || (set > 0 && words.getFirst().equals("EXPLAIN"));
    }

    private void endStatement() {
        if (start >= 0) {
            statements.add(new StatementSource(text.substring(start, lastSignificant), startPosition));
        }
        start = -1;
        nesting = 0;
        Arrays.fill(chains, 0);
        words.clear();
        partWords.clear();
    }

    private void significant() {
        if (start < 0) {
            start = at;
            startPosition = here();
        }
    }

    private void word() {
        int from = at;
        SqlPosition position = here();
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            advance();
        }
        lastSignificant = at;
        String word = text.substring(from, at).toUpperCase(Locale.ROOT);
        if (OPERATOR_WORDS.contains(word)) {
            chain(position);
        }
        if (words.size() < FIRST_WORDS) {
            words.add(word);
        }
        if (partWords.size() < 2) {
            partWords.add(word);
        }
    }

    private void quoted(char quote) {
        SqlPosition opened = here();
        advance();
        while (at < text.length() && text.charAt(at) != quote) {
            advance();
        }
        if (at == text.length()) {
            String what = quote == '\'' ? "string" : "quoted name";
            throw new MillraceException(
                            ErrorCode.SQL_SYNTAX, "expected a closing " + quote + ", found the end of the text")
                    .withHelp("This " + what + " is never closed.")
                    .at(opened);
        }
        advance();
        lastSignificant = at;
        if (partWords.size() < 2) {
            partWords.add("");
        }
    }

    private void lineComment() {
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            advance();
        }
    }

    private void blockComment() {
        SqlPosition opened = here();
        boolean hint = startsWith("/*+");
        if (hint) {
            significant();
        }
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            throw new MillraceException(ErrorCode.SQL_SYNTAX, "expected a closing */, found the end of the text")
                    .withHelp("This comment is never closed.")
                    .at(opened);
        }
        while (at < end + 2) {
            advance();
        }
        if (hint) {
            lastSignificant = at;
        }
    }

    private void chain(SqlPosition position) {
        chains[nesting]++;
        if (chains[nesting] > MAX_CHAIN) {
            throw tooDeep(position);
        }
    }

    private void nest(char c) {
        if (c == ',') {
            chains[nesting] = 0;
        } else if (OPERATORS.indexOf(c) >= 0) {
            chain(here());
        }
        if (c == '(' || c == '[') {
            nesting++;
            if (nesting > MAX_NESTING) {
                throw tooDeep(here());
            }
            chains[nesting] = 0;
        } else if (c == ')' || c == ']') {
            nesting = Math.max(0, nesting - 1);
        }
    }

    static MillraceException tooDeep(SqlPosition position) {
        return new MillraceException(ErrorCode.UNSUPPORTED, "the statement is nested too deeply")
                .withHelp("Split it with views or WITH, or write long lists as IN (…) or VALUES.")
                .at(position);
    }

    private boolean startsWith(String prefix) {
        return text.startsWith(prefix, at);
    }

    private SqlPosition here() {
        return new SqlPosition(line, column);
    }

    private void advance() {
        char c = text.charAt(at);
        at++;
        if (c == '\n' || (c == '\r' && (at == text.length() || text.charAt(at) != '\n'))) {
            line++;
            column = 1;
        } else {
            column++;
        }
    }
}
