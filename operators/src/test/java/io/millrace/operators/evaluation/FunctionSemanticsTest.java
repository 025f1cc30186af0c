package io.millrace.operators.evaluation;

import static io.millrace.operators.evaluation.Evaluations.call;
import static io.millrace.operators.evaluation.Evaluations.cast;
import static io.millrace.operators.evaluation.Evaluations.decimal;
import static io.millrace.operators.evaluation.Evaluations.integer;
import static io.millrace.operators.evaluation.Evaluations.literal;
import static io.millrace.operators.evaluation.Evaluations.number;
import static io.millrace.operators.evaluation.Evaluations.text;
import static io.millrace.operators.evaluation.Evaluations.timestamp;
import static io.millrace.operators.evaluation.Evaluations.tryCast;
import static io.millrace.operators.evaluation.Evaluations.valueOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.operators.expression.Expression;
import io.millrace.operators.expression.Expressions;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FunctionSemanticsTest {
    private static final Expression NULL_NUMBER = literal(null, DataType.BIGINT);
    private static final Expression NULL_TEXT = literal(null, DataType.VARCHAR);
    private static final Expression TRUE = literal(true, DataType.BOOLEAN);
    private static final Expression FALSE = literal(false, DataType.BOOLEAN);
    private static final Expression UNKNOWN = literal(null, DataType.BOOLEAN);

    private static void fails(Expression expression, String... words) {
        assertThatThrownBy(() -> valueOf(expression))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        error -> {
                            assertThat(error.code()).isEqualTo(ErrorCode.DATA_EXCEPTION);
                            for (String word : words) {
                                assertThat(error.getMessage()).contains(word);
                            }
                        });
    }

    @Test
    void integersOverflowWithAnError() {
        assertThat(valueOf("+", integer(2), number(3))).isEqualTo(5L);
        fails(call("+", number(Long.MAX_VALUE), number(1)), "BIGINT", "9223372036854775807 + 1");
        fails(call("-", number(Long.MIN_VALUE), number(1)));
        fails(call("*", number(1L << 62), number(2)));
        fails(call("+", integer(Integer.MAX_VALUE), integer(1)), "INT", "2147483647 + 1");
        fails(call("NEGATE", number(Long.MIN_VALUE)));
        fails(call("/", number(Long.MIN_VALUE), number(-1)));
    }

    @Test
    void divisionTruncatesAndRefusesZero() {
        assertThat(valueOf("/", number(-7), number(2))).isEqualTo(-3L);
        assertThat(valueOf("%", number(-7), number(2))).isEqualTo(-1L);
        assertThat(valueOf("%", number(Long.MIN_VALUE), number(-1))).isEqualTo(0L);
        fails(call("/", number(1), number(0)), "division by zero", "1 / 0");
        fails(call("%", number(1), number(0)), "1 % 0");
        Expression one = literal(1.0, DataType.DOUBLE);
        assertThat(valueOf("/", one, literal(0.0, DataType.DOUBLE))).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void decimalsKeepTheirScale() {
        Expression price = decimal("12.50", 15, 2);
        Expression rate = decimal("0.07", 15, 2);
        assertThat(valueOf("*", price, rate)).isEqualTo(new BigDecimal("0.8750"));
        assertThat(valueOf("+", price, integer(1))).isEqualTo(new BigDecimal("13.50"));
        assertThat(valueOf("-", rate, price)).isEqualTo(new BigDecimal("-12.43"));
        assertThat(valueOf("/", price, decimal("3.00", 15, 2)).toString()).startsWith("4.16666666666666666");
        assertThat(valueOf("%", price, decimal("4.00", 15, 2))).isEqualTo(new BigDecimal("0.50"));
        assertThat(valueOf("NEGATE", price)).isEqualTo(new BigDecimal("-12.50"));
        Expression wide = decimal("99999999999999999999999999999999999999", 38, 0);
        assertThat(valueOf("NEGATE", wide).toString()).isEqualTo("-99999999999999999999999999999999999999");
        fails(call("+", wide, wide), "DECIMAL(38, 0)");
        fails(call("/", price, decimal("0.00", 15, 2)), "division by zero");
        assertThat(valueOf("<", price, decimal("12.500001", 20, 6))).isEqualTo(true);
    }

    @Test
    void logicHasThreeValues() {
        assertThat(valueOf("AND", FALSE, UNKNOWN)).isEqualTo(false);
        assertThat(valueOf("AND", UNKNOWN, FALSE)).isEqualTo(false);
        assertThat(valueOf("AND", TRUE, UNKNOWN)).isNull();
        assertThat(valueOf("OR", UNKNOWN, TRUE)).isEqualTo(true);
        assertThat(valueOf("OR", UNKNOWN, FALSE)).isNull();
        assertThat(valueOf("NOT", UNKNOWN)).isNull();
        assertThat(valueOf("IS NOT TRUE", UNKNOWN)).isEqualTo(true);
        assertThat(valueOf("IS FALSE", FALSE)).isEqualTo(true);
        assertThat(valueOf("IS DISTINCT FROM", NULL_NUMBER, number(1))).isEqualTo(true);
        assertThat(valueOf("IS NOT DISTINCT FROM", NULL_NUMBER, NULL_NUMBER)).isEqualTo(true);
        assertThat(valueOf("=", NULL_NUMBER, number(1))).isNull();
        assertThat(valueOf("IN", number(2), number(1), number(2))).isEqualTo(true);
        assertThat(valueOf("IN", number(3), number(1), NULL_NUMBER)).isNull();
        assertThat(valueOf("IN", text("b"), text("a"), text("bb"))).isEqualTo(false);
    }

    @Test
    void branchesNotTakenAreNotComputed() {
        Expression failing = call("/", number(1), number(0));
        assertThat(valueOf("CASE", FALSE, failing, TRUE, number(2), failing)).isEqualTo(2L);
        assertThat(valueOf("IF", UNKNOWN, failing, number(3))).isEqualTo(3L);
        assertThat(valueOf("COALESCE", NULL_NUMBER, number(4), failing)).isEqualTo(4L);
        assertThat(valueOf("AND", FALSE, call("=", failing, number(1)))).isEqualTo(false);
        assertThat(valueOf("NULLIF", number(4), number(4))).isNull();
        assertThat(valueOf("NULLIF", text("x"), text("y"))).isEqualTo("x");
        assertThat(valueOf("GREATEST", number(1), number(7), number(3))).isEqualTo(7L);
        assertThat(valueOf("LEAST", text("b"), text("a"))).isEqualTo("a");
        assertThat(valueOf("LEAST", text("b"), NULL_TEXT)).isNull();
    }

    @Test
    void stringsCountCodePoints() {
        assertThat(valueOf("UPPER", text("größe 1"))).isEqualTo("GRÖSSE 1");
        assertThat(valueOf("LOWER", text("ABC-Z"))).isEqualTo("abc-z");
        assertThat(valueOf("CHAR_LENGTH", text("größe"))).isEqualTo(5);
        assertThat(valueOf("OCTET_LENGTH", text("größe"))).isEqualTo(7);
        assertThat(valueOf("SUBSTRING", text("größe"), integer(3), integer(2))).isEqualTo("öß");
        assertThat(valueOf("SUBSTRING", text("größe"), integer(-2))).isEqualTo("ße");
        assertThat(valueOf("SUBSTRING", text("abc"), integer(9))).isEqualTo("");
        assertThat(valueOf("REVERSE", text("äbc"))).isEqualTo("cbä");
        assertThat(valueOf("LEFT", text("äbc"), integer(2))).isEqualTo("äb");
        assertThat(valueOf("RIGHT", text("äbc"), integer(2))).isEqualTo("bc");
        assertThat(valueOf("POSITION", text("c"), text("äbc"))).isEqualTo(3);
        assertThat(valueOf("LPAD", text("7"), integer(3), text("0"))).isEqualTo("007");
        assertThat(valueOf("RPAD", text("abc"), integer(2), text("x"))).isEqualTo("ab");
        assertThat(valueOf("BTRIM", text("  a "))).isEqualTo("a");
        assertThat(valueOf("LTRIM", text("xxayx"), text("xy"))).isEqualTo("ayx");
        assertThat(valueOf("CONCAT", text("a"), text("b"), text("c"))).isEqualTo("abc");
        assertThat(valueOf("||", text("a"), NULL_TEXT)).isNull();
        assertThat(valueOf("CONCAT_WS", text("-"), text("a"), NULL_TEXT, text("c"))).isEqualTo("a-c");
        assertThat(valueOf("REPLACE", text("banana"), text("an"), text("x"))).isEqualTo("bxxa");
        assertThat(valueOf("REPEAT", text("ab"), integer(3))).isEqualTo("ababab");
        assertThat(valueOf("SPLIT_INDEX", text("a/b/c"), text("/"), integer(1))).isEqualTo("b");
        assertThat(valueOf("SPLIT_INDEX", text("a/b/c"), text("/"), integer(3))).isNull();
        assertThat(valueOf("STARTSWITH", text("abc"), text("ab"))).isEqualTo(true);
        assertThat(valueOf("MD5", text(""))).isEqualTo("d41d8cd98f00b204e9800998ecf8427e");
    }

    @Test
    void likeMatchesAnywhereItShould() {
        for (Object[] c :
                new Object[][] {
                    {"https://www.nexmark.com/item.htm", "%/item%", true},
                    {"abc", "abc", true},
                    {"abc", "ab", false},
                    {"abc", "a_c", true},
                    {"aßc", "a_c", true},
                    {"abc", "%", true},
                    {"", "%", true},
                    {"", "", true},
                    {"", "_", false},
                    {"abc", "%b%", true},
                    {"abcbd", "a%b_", true},
                    {"ab", "ab%b", false},
                    {"aab", "%ab", true},
                    {"abcabc", "%abc", true},
                    {"xx", "%_%_%", true},
                    {"x", "%_%_%", false},
                    {"aXbXc", "a%X%X%c", true},
                    {"日本", "_本", true},
                }) {
            assertThat(valueOf("LIKE", text((String) c[0]), text((String) c[1]))).as(c[0] + " " + c[1]).isEqualTo(c[2]);
        }
        assertThat(valueOf("LIKE", text("50%"), text("50!%"), text("!"))).isEqualTo(true);
        assertThat(valueOf("LIKE", text("50x"), text("50!%"), text("!"))).isEqualTo(false);
    }

    @Test
    void regularExpressionsExtractAndReplace() {
        Expression url = text("https://x.com/?channel_id=42&a=1");
        assertThat(valueOf("REGEXP_EXTRACT", url, text("(&|\\?)channel_id=([^&]*)"), integer(2))).isEqualTo("42");
        assertThat(valueOf("REGEXP_EXTRACT", url, text("nothing"))).isNull();
        assertThat(valueOf("REGEXP_REPLACE", text("a1b22"), text("[0-9]+"), text("#"))).isEqualTo("a#b#");
        assertThat(valueOf("REGEXP", text("abc"), text("b"))).isEqualTo(true);
        fails(call("REGEXP", text("a"), text("(")), "regular expression");
    }

    @Test
    void numbersRoundHalfAwayFromZero() {
        assertThat(valueOf("ROUND", literal(2.345, DataType.DOUBLE), integer(2))).isEqualTo(2.35);
        assertThat(valueOf("ROUND", decimal("-2.50", 5, 2))).isEqualTo(new BigDecimal("-3"));
        assertThat(valueOf("ROUND", number(1250), integer(-2))).isEqualTo(1300L);
        assertThat(valueOf("FLOOR", decimal("-2.50", 5, 2))).isEqualTo(new BigDecimal("-3"));
        assertThat(valueOf("CEIL", literal(1.2, DataType.DOUBLE))).isEqualTo(2.0);
        assertThat(valueOf("ABS", decimal("-2.50", 5, 2))).isEqualTo(new BigDecimal("2.50"));
        assertThat(valueOf("SIGN", number(-9))).isEqualTo(-1L);
        assertThat(valueOf("POWER", number(2), number(10))).isEqualTo(1024.0);
        assertThat(valueOf("LOG10", number(1000))).isEqualTo(3.0);
    }

    @Test
    void castsAmongNumbersCheckRanges() {
        assertThat(valueOf(cast(number(7), DataType.TINYINT))).isEqualTo((byte) 7);
        fails(cast(number(300), DataType.TINYINT), "TINYINT", "300");
        assertThat(valueOf(tryCast(number(300), DataType.TINYINT))).isNull();
        assertThat(valueOf(cast(literal(-2.9, DataType.DOUBLE), DataType.INT))).isEqualTo(-2);
        fails(cast(literal(Double.NaN, DataType.DOUBLE), DataType.INT), "NaN");
        assertThat(valueOf(cast(decimal("2.995", 10, 3), DataType.decimal(10, 2)))).isEqualTo(new BigDecimal("3.00"));
        fails(cast(decimal("999.9", 10, 1), DataType.decimal(3, 1)), "999.9");
        assertThat(valueOf(cast(decimal("2.9", 10, 1), DataType.BIGINT))).isEqualTo(2L);
        assertThat(valueOf(cast(decimal("2.9", 10, 1), DataType.DOUBLE))).isEqualTo(2.9);
        assertThat(valueOf(cast(literal(2.9, DataType.DOUBLE), DataType.decimal(30, 5))))
                .isEqualTo(new BigDecimal("2.90000"));
        assertThat(valueOf(cast(TRUE, DataType.INT))).isEqualTo(1);
    }

    @Test
    void castsReadAndWriteText() {
        assertThat(valueOf(cast(text(" -12 "), DataType.BIGINT))).isEqualTo(-12L);
        assertThat(valueOf(cast(text("-9223372036854775808"), DataType.BIGINT))).isEqualTo(Long.MIN_VALUE);
        fails(cast(text("9223372036854775808"), DataType.BIGINT), "9223372036854775808");
        fails(cast(text("x1"), DataType.INT), "INT", "'x1'");
        assertThat(valueOf(tryCast(text("x1"), DataType.INT))).isNull();
        assertThat(valueOf(cast(text("1e3"), DataType.DOUBLE))).isEqualTo(1000.0);
        assertThat(valueOf(cast(text("12.345"), DataType.decimal(6, 2)))).isEqualTo(new BigDecimal("12.35"));
        assertThat(valueOf(cast(text("true"), DataType.BOOLEAN))).isEqualTo(true);
        assertThat(valueOf(cast(text("2024-02-29"), DataType.DATE))).isEqualTo(LocalDate.of(2024, 2, 29));
        fails(cast(text("2023-02-29"), DataType.DATE));
        assertThat(valueOf(cast(text("2024-02-29 12:34:56.789"), DataType.TIMESTAMP)))
                .isEqualTo(LocalDateTime.parse("2024-02-29T12:34:56.789"));
        assertThat(valueOf(cast(text("12:34"), DataType.time(0)))).isEqualTo(LocalTime.of(12, 34));
        assertThat(valueOf(cast(number(Long.MIN_VALUE), DataType.VARCHAR))).isEqualTo("-9223372036854775808");
        assertThat(valueOf(cast(decimal("1.50", 5, 2), DataType.VARCHAR))).isEqualTo("1.50");
        assertThat(valueOf(cast(timestamp("2024-02-29T12:34:56.789"), DataType.VARCHAR)))
                .isEqualTo("2024-02-29 12:34:56.789000");
        assertThat(valueOf(cast(TRUE, DataType.VARCHAR))).isEqualTo("TRUE");
        assertThat(valueOf(cast(text("größer"), DataType.varchar(4)))).isEqualTo("größ");
    }

    @Test
    void timesAreCutAndMovedByUnits() {
        Expression at = timestamp("2024-01-31T10:20:30.405");
        assertThat(valueOf("FLOOR", at, text("HOUR"))).isEqualTo(LocalDateTime.parse("2024-01-31T10:00"));
        assertThat(valueOf("CEIL", at, text("MONTH"))).isEqualTo(LocalDateTime.parse("2024-02-01T00:00"));
        assertThat(valueOf("FLOOR", at, text("WEEK"))).isEqualTo(LocalDateTime.parse("2024-01-28T00:00"));
        assertThat(valueOf("FLOOR", at, text("QUARTER"))).isEqualTo(LocalDateTime.parse("2024-01-01T00:00"));
        assertThat(valueOf("EXTRACT", text("YEAR"), at)).isEqualTo(2024L);
        assertThat(valueOf("EXTRACT", text("DOW"), at)).isEqualTo(4L);
        assertThat(valueOf("EXTRACT", text("WEEK"), at)).isEqualTo(5L);
        assertThat(valueOf("DAYOFYEAR", at)).isEqualTo(31L);
        assertThat(valueOf("SECOND", at)).isEqualTo(30L);
        assertThat(valueOf("ADD_MONTHS", at, integer(1))).isEqualTo(LocalDateTime.parse("2024-02-29T10:20:30.405"));
        assertThat(valueOf("ADD_MICROS", at, number(86_400_000_000L)))
                .isEqualTo(LocalDateTime.parse("2024-02-01T10:20:30.405"));
        assertThat(valueOf("TIMESTAMPADD", text("MINUTE"), integer(-20), at))
                .isEqualTo(LocalDateTime.parse("2024-01-31T10:00:30.405"));
        assertThat(valueOf("TIMESTAMPDIFF", text("MONTH"), at, timestamp("2024-03-31T10:20:30"))).isEqualTo(1);
        assertThat(valueOf("TIMESTAMPDIFF", text("DAY"), at, timestamp("2024-03-31T10:20:31"))).isEqualTo(60);
        assertThat(valueOf("DATE_FORMAT", at, text("yyyy-MM-dd HH:mm:ss"))).isEqualTo("2024-01-31 10:20:30");
        assertThat(valueOf("DATE_FORMAT", at, text("yyyy/MM, HH"))).isEqualTo("2024/01, 10");
        assertThat(valueOf("TO_TIMESTAMP", text("2024-01-31 10:20:30")))
                .isEqualTo(LocalDateTime.parse("2024-01-31T10:20:30"));
        assertThat(valueOf("TO_TIMESTAMP", text("31.01.2024"), text("dd.MM.yyyy")))
                .isEqualTo(LocalDateTime.parse("2024-01-31T00:00"));
        assertThat(valueOf("TO_TIMESTAMP", text("no"))).isNull();
        assertThat(valueOf("TO_TIMESTAMP_LTZ", number(1_500), integer(3))).isEqualTo(Instant.ofEpochMilli(1_500));
        assertThat(valueOf("DIFF_MICROS", at, timestamp("2024-01-31T10:20:30"))).isEqualTo(405_000L);
    }

    @Test
    void theSessionsZoneIsTheWallClockOfInstants() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Expression instant = literal(Instant.parse("2024-07-01T22:30:00Z"), DataType.timestampLtz(3));
        Expression day = cast(instant, DataType.DATE);
        assertThat(valueOf(Expressions.inSession(day, 0, berlin))).isEqualTo(LocalDate.of(2024, 7, 2));
        assertThat(valueOf(day)).isEqualTo(LocalDate.of(2024, 7, 1));
        Expression hour = call("EXTRACT", text("HOUR"), instant);
        assertThat(valueOf(Expressions.inSession(hour, 0, berlin))).isEqualTo(0L);
        Expression back = cast(text("2024-07-02 00:30:00"), DataType.timestampLtz(3));
        assertThat(valueOf(Expressions.inSession(back, 0, berlin))).isEqualTo(Instant.parse("2024-07-01T22:30:00Z"));
        Expression now = new Expression.Call("CURRENT_TIMESTAMP", List.of(), DataType.timestampLtz(3).notNull());
        assertThat(valueOf(Expressions.inSession(now, 5_000_000, berlin))).isEqualTo(Instant.ofEpochSecond(5));
        assertThat(valueOf(now)).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
    }

    @Test
    void nestedValuesAreMadeAndTakenApart() {
        Expression array = call("ARRAY", number(5), NULL_NUMBER, number(7));
        assertThat(valueOf(array)).isEqualTo(java.util.Arrays.asList(5L, null, 7L));
        assertThat(valueOf("ITEM", array, integer(3))).isEqualTo(7L);
        assertThat(valueOf("ITEM", array, integer(4))).isNull();
        assertThat(valueOf("CARDINALITY", array)).isEqualTo(3);
        Expression map = call("MAP", text("a"), number(1), text("b"), number(2));
        assertThat(valueOf(map)).isEqualTo(Map.of("a", 1L, "b", 2L));
        assertThat(valueOf("ITEM", map, text("b"))).isEqualTo(2L);
        Expression row = call("ROW", number(1), text("x"));
        assertThat(valueOf(row)).isEqualTo(List.of(1L, "x"));
        assertThat(valueOf(new Expression.Call("FIELD", List.of(row, integer(1)), DataType.VARCHAR))).isEqualTo("x");
        assertThat(valueOf(cast(row, DataType.VARCHAR))).isEqualTo("(1, x)");
        assertThat(valueOf("CASE", TRUE, array, array)).isEqualTo(java.util.Arrays.asList(5L, null, 7L));
    }
}
