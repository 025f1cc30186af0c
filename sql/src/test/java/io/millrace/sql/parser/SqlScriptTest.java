package io.millrace.sql.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.error.SqlPosition;
import io.millrace.sql.statement.StatementSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlScriptTest {
    @Test
    void cutsAtSemicolonsOutsideQuotesAndComments() {
        List<StatementSource> statements =
                SqlScript.split(
                        """
                        -- first; comment
                        SELECT 'a;b' ; /* ; */
                          SELECT `x;y` FROM t -- end ;
                        ;;
                        // ;
                        SET 'k' = 'it''s; so'
                        """);
        assertThat(statements)
                .extracting(StatementSource::text)
                .containsExactly("SELECT 'a;b'", "SELECT `x;y` FROM t", "SET 'k' = 'it''s; so'");
        assertThat(statements)
                .extracting(StatementSource::position)
                .containsExactly(new SqlPosition(2, 1), new SqlPosition(3, 3), new SqlPosition(6, 1));
    }

    @Test
    void keepsAStatementSetWhole() {
        String set = "BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\nINSERT INTO b SELECT 2;\nEND";
        assertThat(SqlScript.split(set + ";\nSELECT 3"))
                .extracting(StatementSource::text)
                .containsExactly(set, "SELECT 3");
        String execute = "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END";
        assertThat(SqlScript.split(execute + "; SELECT 3;"))
                .extracting(StatementSource::text)
                .containsExactly(execute, "SELECT 3");
    }

    @Test
    void pointsAtTheQuoteThatIsNeverClosed() {
        MillraceException error =
                catchThrowableOfType(MillraceException.class, () -> SqlScript.split("SELECT 1;\n  SELECT 'abc;\n"));
        assertThat(error.code()).isEqualTo(ErrorCode.SQL_SYNTAX);
        assertThat(error.position()).isEqualTo(new SqlPosition(2, 10));
        assertThat(error.getMessage()).isEqualTo("expected a closing ', found the end of the text");
    }

    @Test
    void countsLinesOfAllKinds() {
        List<StatementSource> statements = SqlScript.split("SELECT 1;\r\nSELECT 2;\rSELECT 3;\n\tSELECT 4");
        assertThat(statements)
                .extracting(StatementSource::position)
                .containsExactly(
                        new SqlPosition(1, 1), new SqlPosition(2, 1), new SqlPosition(3, 1), new SqlPosition(4, 2));
    }

    @Test
    void knowsWhenAStatementIsComplete() {
        assertThat(SqlScript.isComplete("SELECT 1;")).isTrue();
        assertThat(SqlScript.isComplete("SELECT 1; -- done")).isTrue();
        assertThat(SqlScript.isComplete("  ")).isTrue();
        assertThat(SqlScript.isComplete("SELECT 1")).isFalse();
        assertThat(SqlScript.isComplete("SELECT 'a;")).isFalse();
        assertThat(SqlScript.isComplete("BEGIN STATEMENT SET; INSERT INTO a SELECT 1;")).isFalse();
        assertThat(SqlScript.isComplete("BEGIN STATEMENT SET; INSERT INTO a SELECT 1; END;")).isTrue();
    }

    @Test
    void refusesDeepNestingWhereItGoesTooFar() {
        String text = "SELECT\n" + "(".repeat(10_000) + "1" + ")".repeat(10_000);
        MillraceException error = catchThrowableOfType(MillraceException.class, () -> SqlScript.split(text));
        assertThat(error.position()).isEqualTo(new SqlPosition(2, SqlScript.MAX_NESTING + 1));
    }
}
