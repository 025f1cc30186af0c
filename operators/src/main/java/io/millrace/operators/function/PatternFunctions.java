package io.millrace.operators.function;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Functions of patterns. A pattern is compiled when it is first seen at a call and again only when it changes. */
public final class PatternFunctions {
    private PatternFunctions() {}

    /** {@code %} stands for any characters, {@code _} for one. */
    @SqlFunction(name = "LIKE", signature = "(STRING, STRING) -> BOOLEAN")
    public static boolean like(Text value, Text pattern, LikePattern.Cache patterns) {
        return patterns.of(pattern, null).matches(value);
    }

    /** The character after an escape character stands for itself. */
    @SqlFunction(name = "LIKE", signature = "(STRING, STRING, STRING) -> BOOLEAN")
    public static boolean like(Text value, Text pattern, Text escape, LikePattern.Cache patterns) {
        return patterns.of(pattern, escape).matches(value);
    }

    /** A regular expression of a call, with its matcher. */
    public static final class Regex {
        private byte[] source;
        private Matcher matcher;

        public Regex(CallSite site) {}

        Matcher on(Text value, Text pattern) {
            if (source == null || !pattern.sameAs(source)) {
                byte[] bytes = pattern.toBytes();
                try {
                    matcher = Pattern.compile(pattern.toString()).matcher("");
                } catch (PatternSyntaxException bad) {
                    throw new MillraceException(
                            ErrorCode.DATA_EXCEPTION,
                            "expected a regular expression, found '" + pattern + "': " + bad.getDescription(),
                            bad);
                }
                source = bytes;
            }
            return matcher.reset(value.toString());
        }
    }

    /** Whether the pattern is found anywhere in the value. */
    @SqlFunction(
            name = {"REGEXP", "RLIKE"},
            signature = "(STRING, STRING) -> BOOLEAN")
    public static boolean regexp(Text value, Text pattern, Regex regex) {
        return regex.on(value, pattern).find();
    }

    /** What the whole pattern matches first, NULL when nothing. */
    @SqlFunction(name = "REGEXP_EXTRACT", signature = "(STRING, STRING) -> STRING", nulls = NullBehaviour.NULLABLE)
    public static void regexpExtract(Text value, Text pattern, Regex regex, Text out) {
        regexpExtract(value, pattern, 0, regex, out);
    }

    /** What a group matches first, NULL when nothing or when there is no such group. */
    @SqlFunction(name = "REGEXP_EXTRACT", signature = "(STRING, STRING, INT) -> STRING", nulls = NullBehaviour.NULLABLE)
    public static void regexpExtract(Text value, Text pattern, long group, Regex regex, Text out) {
        Matcher matcher = regex.on(value, pattern);
        if (group < 0 || group > matcher.groupCount() || !matcher.find() || matcher.group((int) group) == null) {
            out.setNull();
        } else {
            out.clear().append(matcher.group((int) group));
        }
    }

    /** Each match replaced; {@code $1} in the replacement is a group. */
    @SqlFunction(name = "REGEXP_REPLACE", signature = "(STRING, STRING, STRING) -> STRING")
    public static void regexpReplace(Text value, Text pattern, Text replacement, Regex regex, Text out) {
        Matcher matcher = regex.on(value, pattern);
        try {
            out.clear().append(matcher.replaceAll(replacement.toString()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException bad) {
            throw new MillraceException(
                    ErrorCode.DATA_EXCEPTION,
                    "expected a replacement for '" + pattern + "', found '" + replacement + "': " + bad.getMessage(),
                    bad);
        }
    }

    /** SQL's regular expressions over the whole value: {@code %} and {@code _} beside {@code | * + ? ( ) [ ]}. */
    @SqlFunction(name = "SIMILAR TO", signature = "(STRING, STRING) -> BOOLEAN")
    public static boolean similar(Text value, Text pattern, SimilarPattern patterns) {
        return patterns.of(pattern).reset(value.toString()).matches();
    }

    /** The pattern of a SIMILAR TO, as a regular expression of Java. */
    public static final class SimilarPattern {
        private byte[] source;
        private Matcher matcher;

        public SimilarPattern(CallSite site) {}

        private Matcher of(Text pattern) {
            if (source == null || !pattern.sameAs(source)) {
                byte[] bytes = pattern.toBytes();
                StringBuilder java = new StringBuilder();
                for (char c : pattern.toString().toCharArray()) {
                    switch (c) {
                        case '%' -> java.append(".*");
                        case '_' -> java.append('.');
                        case '.', '^', '$', '\\' -> java.append('\\').append(c);
                        default -> java.append(c);
                    }
                }
                try {
                    matcher = Pattern.compile(java.toString(), Pattern.DOTALL).matcher("");
                } catch (PatternSyntaxException bad) {
                    throw new MillraceException(
                            ErrorCode.DATA_EXCEPTION,
                            "expected a pattern for SIMILAR TO, found '" + pattern + "'",
                            bad);
                }
                source = bytes;
            }
            return matcher;
        }
    }
}
