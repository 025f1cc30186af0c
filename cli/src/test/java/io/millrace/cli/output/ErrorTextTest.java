package io.millrace.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import org.junit.jupiter.api.Test;

class ErrorTextTest {
    private static final MillraceException ERROR = new MillraceException(ErrorCode.SQL_INVALID, "what is wrong");

    private static String at(int line, int column, String sql) {
        return ErrorText.of(ERROR.at(new SqlPosition(line, column)), "q.sql", sql, false);
    }

    @Test
    void needsNoPlaceAndNoHelp() {
        assertThat(ErrorText.of(ERROR, null, null, false)).isEqualTo("error[SQL_INVALID]: what is wrong\n");
        assertThat(ErrorText.of(ERROR.withHelp("Do this."), "q.sql", "SELECT", false))
                .isEqualTo("error[SQL_INVALID]: what is wrong\nhelp: Do this.\n");
    }

    @Test
    void pointsIntoAnyLineHoweverLinesEnd() {
        String expected = "error[SQL_INVALID]: what is wrong\n --> q.sql:2:3\n  |\n2 | b c\n  |   ^\n";
        assertThat(at(2, 3, "a\nb c\nd")).isEqualTo(expected);
        assertThat(at(2, 3, "a\r\nb c\r\nd")).isEqualTo(expected);
        assertThat(at(2, 3, "a\rb c\rd")).isEqualTo(expected);
        assertThat(at(2, 3, "a\nb c")).isEqualTo(expected);
    }

    @Test
    void keepsTheCaretUnderItsLetterBehindTabsAndAtTheEnd() {
        assertThat(at(1, 3, "\tab")).endsWith("1 | \tab\n  | \t ^\n");
        assertThat(at(1, 4, "abc")).endsWith("1 | abc\n  |    ^\n");
        assertThat(at(10, 1, "\n".repeat(9) + "x")).endsWith("   |\n10 | x\n   | ^\n");
    }

    @Test
    void survivesAPlaceThatIsNotInTheText() {
        assertThat(at(5, 1, "a")).isEqualTo("error[SQL_INVALID]: what is wrong\n --> q.sql:5:1\n");
    }
}
