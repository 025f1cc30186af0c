package io.millrace.cli.shell;

import io.millrace.sql.parser.SqlScript;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Takes lines until they make statements: up to a semicolon, or one of the shell's own words. */
public final class SqlLineParser implements Parser {
    private static final Set<String> WORDS = Set.of("exit", "quit", "help", "clear");

    /** A word of the shell itself, in lower case and without a semicolon, or null for SQL. */
    public static String shellWord(String line) {
        String word = line.strip().toLowerCase(Locale.ROOT);
        while (word.endsWith(";")) {
            word = word.substring(0, word.length() - 1).strip();
        }
        return WORDS.contains(word) ? word : null;
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        boolean whole = context == ParseContext.ACCEPT_LINE;
        if (whole && !line.isBlank() && shellWord(line) == null && !SqlScript.isComplete(line)) {
            throw new EOFError(-1, -1, "a statement ends with ;", "");
        }
        return new Words(line, cursor);
    }

    /** The line, and the word that the cursor stands behind. */
    private record Words(String line, int cursor) implements CompletingParsedLine {
        private int wordStart() {
            int start = cursor;
            while (start > 0 && isWordPart(line.charAt(start - 1))) {
                start--;
            }
            return start;
        }

        private static boolean isWordPart(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '$';
        }

        @Override
        public String word() {
            return line.substring(wordStart(), cursor);
        }

        @Override
        public int wordCursor() {
            return cursor - wordStart();
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return wordCursor();
        }

        @Override
        public int rawWordLength() {
            return word().length();
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(word());
        }
    }
}
