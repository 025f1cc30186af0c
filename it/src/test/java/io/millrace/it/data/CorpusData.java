package io.millrace.it.data;

import io.millrace.it.oracle.DuckDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The files that the corpora read. Below the directory:
 *
 * <pre>
 *   facts/*.parquet     2,000 rows of 16 columns with NULLs, in three files of several row groups and codecs
 *   events/*.parquet    3,000 rows in disorder of up to ten seconds, in two files that overlap in time
 *   dups/*.parquet      1,000 rows of which many are equal, NULLs and empty strings among them
 *   empty/*.parquet     no rows
 *   nested/*.parquet    600 rows of ROW, ARRAY and MAP columns, NULL and empty ones among them, in two files
 *   changes.txt         changes, see {@link ChangelogText}
 *   net/*.parquet       the rows that are left of them
 * </pre>
 *
 * <p>DOUBLE and FLOAT values are multiples of an eighth so that sums of them are exact in any order.
 */
public final class CorpusData {
    private static final LocalDateTime BASE = LocalDateTime.of(2026, 1, 31, 23, 50);
    private static final List<String> WORDS =
            List.of(
                    "",
                    "a",
                    "b",
                    "ab",
                    "B",
                    "Zebra",
                    "été",
                    "naïve café",
                    "日本語",
                    "x y",
                    " lead",
                    "trail ",
                    "%",
                    "_",
                    "a longer word that lies outside of the view",
                    "a longer word that lies outside of the vieW",
                    "\u00df",
                    "emoji \uD83D\uDE00!");

    private final Path dir;
    private final SplittableRandom random;
    private final DuckDb duck;

    private CorpusData(Path dir, long seed, DuckDb duck) {
        this.dir = dir;
        this.random = new SplittableRandom(seed);
        this.duck = duck;
    }

    /** Writes all of it. */
    public static void write(Path dir, long seed) {
        try (DuckDb duck = new DuckDb()) {
            CorpusData data = new CorpusData(dir, seed, duck);
            data.writeFacts();
            data.writeEvents();
            data.writeDuplicates();
            data.writeNested();
            data.writeChanges();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void writeFacts() throws IOException {
        String columns =
                "id BIGINT NOT NULL, k INTEGER, g VARCHAR, n BIGINT, si SMALLINT, ti TINYINT, d DOUBLE, f FLOAT, "
                        + "m DECIMAL(12,2), w DECIMAL(30,4), b BOOLEAN, dt DATE, ts TIMESTAMP, tm TIMESTAMP_MS, "
                        + "u VARCHAR NOT NULL, big BIGINT NOT NULL";
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            List<Object> row = new ArrayList<>();
            row.add((long) i);
            row.add(orNull(10, random.nextInt(-3, 12)));
            row.add(orNull(8, WORDS.get(random.nextInt(WORDS.size()))));
            row.add(orNull(7, random.nextLong(-1_000, 1_000)));
            row.add(orNull(9, random.nextInt(-300, 300)));
            row.add(orNull(9, random.nextInt(-100, 100)));
            row.add(orNull(6, random.nextInt(-4_000, 4_000) / 8.0));
            row.add(orNull(6, random.nextInt(-400, 400) / 8.0));
            row.add(orNull(7, BigDecimal.valueOf(random.nextLong(-99_999, 99_999), 2)));
            row.add(orNull(7, BigDecimal.valueOf(random.nextLong(), 4).multiply(BigDecimal.valueOf(100_000))));
            row.add(orNull(5, random.nextBoolean()));
            row.add(orNull(9, LocalDate.of(2026, 1, 1).plusDays(random.nextInt(-400, 400))));
            row.add(orNull(9, BASE.plusNanos(1_000L * random.nextLong(-90_000_000_000L, 90_000_000_000L))));
            row.add(orNull(9, BASE.plusNanos(1_000_000L * random.nextLong(-90_000_000L, 90_000_000L))));
            row.add("u" + random.nextInt(1_000) + "x".repeat(random.nextInt(20)));
            row.add(random.nextLong(-1L << 40, 1L << 40));
            rows.add(row);
        }
        table("facts", columns, rows);
        copy("facts", "id < 900", "facts/a", "FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 2048");
        copy("facts", "id >= 900 AND id < 1100", "facts/b", "FORMAT parquet, CODEC snappy, PARQUET_VERSION v2");
        copy("facts", "id >= 1100", "facts/c", "FORMAT parquet, CODEC uncompressed, DICTIONARY_SIZE_LIMIT 1");
        copy("facts", "false", "empty/a", "FORMAT parquet");
    }

    private void writeEvents() throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            List<Object> row = new ArrayList<>();
            long millis = i * 137L - random.nextLong(10_000);
            row.add((long) i);
            row.add((long) (random.nextInt(5) == 0 ? 0 : random.nextInt(40)));
            row.add(orNull(12, random.nextLong(1, 10_000)));
            row.add(orNull(12, WORDS.get(random.nextInt(WORDS.size()))));
            row.add(BASE.plusNanos(1_000_000L * millis));
            rows.add(row);
        }
        table(
                "events",
                "id BIGINT NOT NULL, auction BIGINT NOT NULL, price BIGINT, channel VARCHAR, "
                        + "et TIMESTAMP_MS NOT NULL",
                rows);
        copy("events", "id % 7 < 4", "events/a", "FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 2048");
        copy("events", "id % 7 >= 4", "events/b", "FORMAT parquet, CODEC gzip");
    }

    private void writeNested() throws IOException {
        duck.run(
                """
                CREATE OR REPLACE TABLE nested AS SELECT i::BIGINT AS id,
                  CASE WHEN i % 5 = 0 THEN NULL ELSE {'x': (i % 7)::INTEGER, 'y':
                    CASE WHEN i % 3 = 0 THEN NULL ELSE 'y' || (i % 11) END, 'z': {'w': i / 8.0::DOUBLE}} END AS r,
                  CASE WHEN i % 4 = 0 THEN NULL WHEN i % 4 = 1 THEN []
                    ELSE [i % 10, NULL, i * 1000] END::BIGINT[] AS l,
                  CASE WHEN i % 9 = 0 THEN NULL ELSE [[i % 3], NULL, [], [1, 2]] END::INTEGER[][] AS ll,
                  CASE WHEN i % 6 = 0 THEN NULL
                    ELSE map(['a', 'k' || (i % 4)], [(i % 13)::BIGINT, NULL]) END AS m,
                  [{'p': (i % 5)::INTEGER, 'q': 'a text of more than twelve bytes ' || (i % 3)}] AS s
                FROM range(600) t(i)\
                """);
        copy("nested", "id < 250", "nested/a", "FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 2048");
        copy("nested", "id >= 250", "nested/b", "FORMAT parquet, CODEC snappy, PARQUET_VERSION v2");
    }

    private void writeDuplicates() throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            List<Object> row = new ArrayList<>();
            row.add(orNull(4, random.nextInt(4)));
            row.add(orNull(4, WORDS.get(random.nextInt(3))));
            row.add(orNull(4, random.nextInt(3) / 2.0));
            rows.add(row);
        }
        table("dups", "a INTEGER, s VARCHAR, d DOUBLE", rows);
        copy("dups", "true", "dups/a", "FORMAT parquet, CODEC zstd");
    }

    /**
     * Rows come in order of their time but for 20 seconds; of those of the last minute some are taken away again. There
     * are a few pauses.
     */
    private void writeChanges() throws IOException {
        StringBuilder text = new StringBuilder();
        List<List<Object>> present = new ArrayList<>();
        List<List<Object>> recent = new ArrayList<>();
        LocalDateTime now = BASE;
        for (int i = 0; i < 1_500; i++) {
            now = now.plusNanos(1_000_000L * random.nextLong(600));
            LocalDateTime oldest = now.minusSeconds(60);
            recent.removeIf(row -> ((LocalDateTime) row.get(4)).isBefore(oldest));
            if (i % 500 == 250) {
                text.append(ChangelogText.PAUSE).append('\n');
            }
            if (!recent.isEmpty() && random.nextInt(5) < 2) {
                List<Object> row = recent.remove(random.nextInt(recent.size()));
                present.remove(row);
                line(text, -1, row);
            } else {
                List<Object> row = changedRow(now);
                int times = random.nextInt(8) == 0 ? 2 : 1;
                for (int k = 0; k < times; k++) {
                    present.add(row);
                    recent.add(row);
                }
                line(text, times, row);
            }
        }
        Files.writeString(dir.resolve("changes.txt"), text, StandardCharsets.UTF_8);
        table("net", "k INTEGER, v BIGINT, s VARCHAR, m DECIMAL(12,2), et TIMESTAMP_MS NOT NULL", present);
        copy("net", "true", "net/a", "FORMAT parquet");
    }

    private List<Object> changedRow(LocalDateTime now) {
        List<Object> row = new ArrayList<>();
        row.add(orNull(10, random.nextInt(8)));
        row.add(orNull(10, (long) random.nextInt(-20, 20)));
        row.add(orNull(10, WORDS.get(random.nextInt(4))));
        row.add(orNull(10, BigDecimal.valueOf(random.nextLong(-500, 500), 2)));
        row.add(now.minusNanos(1_000_000L * random.nextLong(20_000)));
        return row;
    }

    private static void line(StringBuilder text, int weight, List<Object> row) {
        text.append(weight);
        for (Object value : row) {
            text.append('|').append(value == null ? "NULL" : "".equals(value) ? "(empty)" : value);
        }
        text.append('\n');
    }

    /** The value, or NULL once in so many times. */
    private Object orNull(int oneIn, Object value) {
        return random.nextInt(oneIn) == 0 ? null : value;
    }

    private void table(String name, String columns, List<List<Object>> rows) {
        duck.run("CREATE TABLE " + name + " (" + columns + ")");
        for (int from = 0; from < rows.size(); from += 500) {
            StringBuilder insert = new StringBuilder("INSERT INTO " + name + " VALUES ");
            for (int i = from; i < Math.min(rows.size(), from + 500); i++) {
                insert.append(i == from ? "(" : ", (");
                for (int k = 0; k < rows.get(i).size(); k++) {
                    insert.append(k == 0 ? "" : ", ").append(literal(rows.get(i).get(k)));
                }
                insert.append(')');
            }
            duck.run(insert.toString());
        }
    }

    private static String literal(Object value) {
        return switch (value) {
            case null -> "NULL";
            case String text -> "'" + text.replace("'", "''") + "'";
            case LocalDate date -> "DATE '" + date + "'";
            case LocalDateTime time -> "TIMESTAMP '" + time.toString().replace('T', ' ') + "'";
            case BigDecimal number -> number.toPlainString();
            default -> value.toString();
        };
    }

    private void copy(String table, String condition, String file, String options) throws IOException {
        Path path = dir.resolve(file + ".parquet");
        Files.createDirectories(path.getParent());
        duck.run("COPY (SELECT * FROM " + table + " WHERE " + condition + ") TO '" + path + "' (" + options + ")");
    }
}
