package io.millrace.it.oracle;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** DuckDB in this process, for answers that owe nothing to the engine. */
public final class DuckDb implements AutoCloseable {
    private final Connection connection;

    public DuckDb() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            run("SET TimeZone = 'UTC'");
            run("SET threads = 1");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Runs a statement. */
    public void run(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new AssertionError(failure.getMessage() + "\n" + sql, failure);
        }
    }

    /** The connection, for bulk writing. */
    public Connection connection() {
        return connection;
    }

    /** The query's rows, as the engine would write columns of these types; see {@link Answer#types}. */
    public Answer answer(String sql, String types) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int columns = result.getMetaData().getColumnCount();
            if (columns != types.length()) {
                throw new AssertionError("expected " + types.length() + " columns, DuckDB gives " + columns);
            }
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 0; i < columns; i++) {
                    Object value = result.getObject(i + 1);
                    row.append(i == 0 ? "" : "\t").append(Answer.cell(text(value, types.charAt(i))));
                }
                rows.add(row.toString());
            }
            return new Answer(types, rows, 0);
        } catch (SQLException failure) {
            throw new AssertionError(failure.getMessage() + "\n" + sql, failure);
        }
    }

    private static String text(Object value, char letter) {
        return switch (value) {
            case null -> null;
            case Double number -> letter == 'R' ? number(number.toString()) : number.toString();
            case Float number -> letter == 'R' ? number(number.toString()) : number.toString();
            case BigDecimal number -> number(number.toPlainString());
            case LocalDate date -> date.toString();
            case java.sql.Date date -> date.toLocalDate().toString();
            case LocalTime time -> fraction(time.toNanoOfDay());
            case java.sql.Timestamp time -> timestamp(time.toLocalDateTime());
            case LocalDateTime time -> timestamp(time);
            case java.time.OffsetDateTime time ->
                    timestamp(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
            default -> letter == 'R' ? number(value.toString()) : value.toString();
        };
    }

    private static String timestamp(LocalDateTime time) {
        return time.toLocalDate() + " " + fraction(time.toLocalTime().toNanoOfDay());
    }

    private static String fraction(long nanosOfDay) {
        LocalTime time = LocalTime.ofNanoOfDay(nanosOfDay);
        String seconds =
                String.format(
                        java.util.Locale.ROOT, "%02d:%02d:%02d", time.getHour(), time.getMinute(), time.getSecond());
        if (time.getNano() == 0) {
            return seconds;
        }
        String digits = String.format(java.util.Locale.ROOT, "%09d", time.getNano());
        return seconds + "." + digits.replaceAll("0+$", "");
    }

    /** The same number always as the same text, whatever type it came from. */
    private static String number(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        } catch (NumberFormatException notFinite) {
            return text;
        }
    }

    /** An answer of the engine with its numbers written as this class writes them. */
    public static Answer comparable(Answer answer) {
        if (answer.types().indexOf('R') < 0) {
            return answer;
        }
        List<String> rows = new ArrayList<>();
        for (String row : answer.rows()) {
            String[] cells = row.split("\t", -1);
            for (int i = 0; i < cells.length; i++) {
                if (answer.types().charAt(i) == 'R') {
                    cells[i] = number(cells[i]);
                }
            }
            rows.add(String.join("\t", cells));
        }
        return new Answer(answer.types(), rows, answer.takenBack());
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }
}
