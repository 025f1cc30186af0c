package io.millrace.sql.parser;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.grammar.MillraceSqlParser;
import io.millrace.sql.grammar.MillraceSqlParserConstants;
import io.millrace.sql.grammar.ParseException;
import io.millrace.sql.grammar.Token;
import io.millrace.sql.grammar.TokenMgrError;
import io.millrace.sql.names.NearestName;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;

/** Turns what the generated parser says into one short line: what was expected, what was found, and where. */
final class SyntaxErrors {
    private static final int LISTED_AT_MOST = 4;
    private static final Pattern LEXICAL =
            Pattern.compile("(?s)Lexical error at line ([0-9]+), column ([0-9]+)\\.(.*)");
    private static final Pattern ENCOUNTERED =
            Pattern.compile("(?s)Encountered: (?:'([0-9]+)' \\(([0-9]+)\\)|\"(.*?)\" \\(([0-9]+)\\)).*");

    /** In a long list of possible tokens, those that help; in the order in which they are named. */
    private static final List<String> TELLING =
            List.of(
                    ")", ",", ">", "=", ";", "AS", "FROM", "INTO", "TABLE", "VIEW", "SELECT", "VALUES", "KEY", "FOR",
                    "END", "THEN", "BY");

    /** Words whose misspelling is often taken for an alias, and blamed on the next word. */
    private static final List<String> CLAUSES =
            List.of("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "JOIN", "INNER", "WITH", "VALUES");

    /** Reserved words that nobody means as a name. */
    private static final Set<String> NEVER_NAMES =
            Set.of(
                    "FROM", "WHERE", "SELECT", "GROUP", "ORDER", "HAVING", "BY", "AS", "AND", "OR", "ON", "JOIN",
                    "WITH", "INSERT", "UNION", "IN", "IS", "NOT");

    private SyntaxErrors() {}

    static MillraceException of(ParseException error) {
        if (error.currentToken == null || error.currentToken.next == null) {
            return new MillraceException(ErrorCode.SQL_SYNTAX, String.valueOf(error.getMessage()));
        }
        Token before = error.currentToken;
        Token found = before.next;
        Set<String> expected = expectedTokens(error);
        SqlPosition position = found.kind == MillraceSqlParserConstants.EOF ? endOf(before, found) : position(found);
        String message = "expected " + describe(expected) + ", found " + describe(found);
        return new MillraceException(ErrorCode.SQL_SYNTAX, message)
                .withHelp(help(before, found, expected))
                .at(position);
    }

    static MillraceException ofLexer(TokenMgrError error) {
        Matcher lexical = LEXICAL.matcher(String.valueOf(error.getMessage()));
        if (!lexical.matches()) {
            return new MillraceException(ErrorCode.SQL_SYNTAX, "the text cannot be read: " + error.getMessage());
        }
        SqlPosition position =
                new SqlPosition(Integer.parseInt(lexical.group(1)), Math.max(1, Integer.parseInt(lexical.group(2))));
        Matcher encountered = ENCOUNTERED.matcher(lexical.group(3).strip());
        String character = "this character";
        if (encountered.matches()) {
            String code = encountered.group(2) != null ? encountered.group(2) : encountered.group(4);
            character = "'" + Character.toString(Integer.parseInt(code)) + "'";
        }
        return new MillraceException(ErrorCode.SQL_SYNTAX, "unexpected " + character).at(position);
    }

    /** Errors that the grammar's own actions raise, such as a malformed literal. */
    static MillraceException of(CalciteContextException error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        return new MillraceException(ErrorCode.SQL_SYNTAX, String.valueOf(cause.getMessage()))
                .at(new SqlPosition(Math.max(1, error.getPosLine()), Math.max(1, error.getPosColumn())));
    }

    private static Set<String> expectedTokens(ParseException error) {
        Set<String> expected = new LinkedHashSet<>();
        for (int[] sequence : error.expectedTokenSequences) {
            String image = error.tokenImage[sequence[0]];
            expected.add(image.startsWith("\"") ? image.substring(1, image.length() - 1) : image);
        }
        return expected;
    }

    private static boolean takesExpression(Set<String> expected) {
        return expected.contains("EXISTS")
                || expected.contains("CURSOR")
                || (expected.contains("DISTINCT") && expected.contains("*"));
    }

    private static boolean takesName(Set<String> expected) {
        return expected.contains("<IDENTIFIER>");
    }

    private static String describe(Set<String> expected) {
        List<String> parts = new ArrayList<>();
        boolean expression = takesExpression(expected);
        if (expression) {
            parts.add("an expression");
        } else {
            addKinds(expected, parts);
        }
        boolean end = expected.contains("<EOF>");
        Set<String> words = telling(expected);
        if (words.size() + (end ? 1 : 0) <= LISTED_AT_MOST && !expression) {
            words.forEach(word -> parts.add(show(word)));
        } else if (!expression) {
            TELLING.stream().filter(words::contains).limit(LISTED_AT_MOST - 1).forEach(word -> parts.add(show(word)));
        }
        if (end) {
            parts.add("the end of the statement");
        }
        return parts.isEmpty() ? "something else" : join(parts);
    }

    private static void addKinds(Set<String> expected, List<String> parts) {
        if (expected.contains("BIGINT") && expected.contains("BOOLEAN")) {
            parts.add("a data type");
        } else if (takesName(expected)) {
            parts.add("a name");
        }
        if (expected.contains("<QUOTED_STRING>")) {
            parts.add("a string");
        }
        if (expected.contains("<UNSIGNED_INTEGER_LITERAL>")) {
            parts.add("a number");
        }
    }

    /** The keywords and symbols; where a name may stand, without the words that are names themselves. */
    private static Set<String> telling(Set<String> expected) {
        SqlAbstractParserImpl.Metadata metadata =
                takesName(expected) ? new MillraceSqlParser(new StringReader("")).getMetadata() : null;
        Set<String> words = new TreeSet<>();
        for (String token : expected) {
            boolean symbolOrWord = !token.startsWith("<") || token.length() == 1;
            if (symbolOrWord && (metadata == null || !metadata.isNonReservedKeyword(token))) {
                words.add(token);
            }
        }
        return words;
    }

    private static String show(String token) {
        return Character.isLetter(token.charAt(0)) ? token : "'" + token + "'";
    }

    private static String join(List<String> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        return String.join(", ", parts.subList(0, parts.size() - 1)) + " or " + parts.getLast();
    }

    private static String describe(Token found) {
        if (found.kind == MillraceSqlParserConstants.EOF) {
            return "the end of the statement";
        }
        return "'" + found.image + "'";
    }

    private static String help(Token before, Token found, Set<String> expected) {
        if (found.kind == MillraceSqlParserConstants.DOUBLE_QUOTE) {
            return "Names are quoted with back-ticks, strings with single quotes.";
        }
        String word = found.image.toUpperCase(Locale.ROOT);
        String meant = NearestName.of(word, keywords(expected));
        if (isWord(found) && meant != null) {
            return "Did you mean " + meant + "?";
        }
        String clause = NearestName.of(before.image.toUpperCase(Locale.ROOT), CLAUSES);
        if (before.kind == MillraceSqlParserConstants.IDENTIFIER && clause != null) {
            return "Did you mean " + clause + " instead of " + before.image + "?";
        }
        if (isKeyword(found) && (takesName(expected) || takesExpression(expected)) && !NEVER_NAMES.contains(word)) {
            return word + " is a reserved word; write `" + found.image + "` to use it as a name.";
        }
        return null;
    }

    private static List<String> keywords(Set<String> expected) {
        return expected.stream().filter(token -> token.length() > 2 && Character.isLetter(token.charAt(0))).toList();
    }

    private static boolean isWord(Token token) {
        return !token.image.isEmpty() && Character.isLetter(token.image.charAt(0));
    }

    private static boolean isKeyword(Token token) {
        return isWord(token) && token.kind < MillraceSqlParserConstants.IDENTIFIER;
    }

    private static SqlPosition position(Token token) {
        return new SqlPosition(Math.max(1, token.beginLine), Math.max(1, token.beginColumn));
    }

    /** Just after the last token there was. */
    private static SqlPosition endOf(Token last, Token eof) {
        return last.endLine > 0 && !last.image.isEmpty()
                ? new SqlPosition(last.endLine, last.endColumn + 1)
                : position(eof);
    }
}
