package io.millrace.connectors.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.connectors.api.ScanPredicate;
import io.millrace.connectors.api.ScanPredicate.Comparison;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableTest {
    private static final Schema SCHEMA = Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR);

    @TempDir Path dir;

    private Source source(String path, Schema schema) {
        return new FilesystemConnectorFactory()
                .createSource(TestTables.table("t", schema, "path", path), TestTables.context());
    }

    private void writeNumbers(String file, long from, long to) {
        List<List<Object>> rows = new ArrayList<>();
        for (long i = from; i < to; i++) {
            rows.add(List.of(i, "name " + i));
        }
        ParquetFiles.write(dir.resolve(file), SCHEMA, 100, rows);
    }

    private static MillraceException failure(Runnable code) {
        try {
            code.run();
        } catch (MillraceException failure) {
            return failure;
        }
        throw new AssertionError("expected a failure");
    }

    private void readAll(Source source) {
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            driver.toEnd();
        }
    }

    @Test
    void readsOnlyRowGroupsThatCanMatter() {
        writeNumbers("a.parquet", 0, 1000);
        Source source = source(dir + "/a.parquet", Schema.EMPTY);
        assertThat(rows(source, new ScanPredicate(0, Comparison.EQUAL, List.of(250L)))).isEqualTo(100);
        assertThat(rows(source, new ScanPredicate(0, Comparison.LESS, List.of(100L)))).isEqualTo(100);
        assertThat(rows(source, new ScanPredicate(0, Comparison.GREATER_OR_EQUAL, List.of(899L)))).isEqualTo(200);
        assertThat(rows(source, new ScanPredicate(0, Comparison.IN, List.of(5L, 995L)))).isEqualTo(200);
        assertThat(rows(source, new ScanPredicate(0, Comparison.IS_NULL, List.of()))).isZero();
        assertThat(rows(source, new ScanPredicate(0, Comparison.IS_NOT_NULL, List.of()))).isEqualTo(1000);
        assertThat(rows(source, new ScanPredicate(0, Comparison.NOT_EQUAL, List.of(5L)))).isEqualTo(1000);
        assertThat(rows(source, new ScanPredicate(1, Comparison.EQUAL, List.of("name 777")))).isLessThan(300);
        assertThat(rows(source, new ScanPredicate(1, Comparison.EQUAL, List.of("zzz")))).isZero();
    }

    private static long rows(Source source, ScanPredicate... predicates) {
        try (SourceRun run = source.start(new ScanRequest(new int[] {0}, List.of(predicates), null, 1, 0))) {
            return run.progress().rowsTotal();
        }
    }

    @Test
    void prunesByEveryKindOfValueAndNeverTooMuch() {
        DuckFiles.run(
                "COPY (SELECT DATE '2026-01-01' + i::INT AS day, (i * 0.5)::DECIMAL(9,2) AS dec, "
                        + "(i * 0.25)::DOUBLE AS d, i % 2 = 0 AS even FROM range(0, 10) t(i)) TO '"
                        + dir
                        + "/k.parquet'");
        Source source = source(dir + "/k.parquet", Schema.EMPTY);
        List<List<Object>> cases =
                List.of(
                        List.of(0, LocalDate.parse("2026-01-10"), LocalDate.parse("2026-01-11")),
                        List.of(1, new BigDecimal("4.50"), new BigDecimal("4.6")),
                        List.of(2, 2.25, -0.5));
        for (List<Object> one : cases) {
            int column = (Integer) one.get(0);
            assertThat(rows(source, new ScanPredicate(column, Comparison.EQUAL, List.of(one.get(1))))).isEqualTo(10);
            assertThat(rows(source, new ScanPredicate(column, Comparison.EQUAL, List.of(one.get(2))))).isZero();
        }
        assertThat(rows(source, new ScanPredicate(2, Comparison.GREATER, List.of(100.0)))).isEqualTo(10);
        assertThat(rows(source, new ScanPredicate(3, Comparison.EQUAL, List.of(true)))).isEqualTo(10);
    }

    @Test
    void namesTheNearestFileWhenThereIsNone() throws IOException {
        writeNumbers("bids.parquet", 0, 10);
        MillraceException failure = failure(() -> source(dir + "/bid.parquet", Schema.EMPTY));
        assertThat(failure.code()).isEqualTo(ErrorCode.FILE_NOT_FOUND);
        assertThat(failure).hasMessageContaining("bid.parquet");
        assertThat(failure.help()).contains("bids.parquet");
        assertThat(failure(() -> source(dir + "/*.parq", Schema.EMPTY)).code()).isEqualTo(ErrorCode.FILE_NOT_FOUND);
        assertThat(failure(() -> source(dir + "/nowhere/deep/x.parquet", Schema.EMPTY)).help()).contains("nowhere");
    }

    @Test
    void refusesWhatIsNoParquetFile() throws IOException {
        Files.createFile(dir.resolve("empty.parquet"));
        Files.writeString(dir.resolve("short.parquet"), "PAR1");
        Files.writeString(dir.resolve("text.parquet"), "this is no parquet file, whatever its name says");
        writeNumbers("good.parquet", 0, 1000);
        byte[] bytes = Files.readAllBytes(dir.resolve("good.parquet"));
        Files.write(dir.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length - 100));
        for (String name : List.of("empty", "short", "text", "cut")) {
            MillraceException failure = failure(() -> source(dir + "/" + name + ".parquet", Schema.EMPTY));
            assertThat(failure.code()).as(name).isEqualTo(ErrorCode.CORRUPT_DATA);
            assertThat(failure).hasMessageContaining(name + ".parquet");
        }
        assertThat(failure(() -> source(dir.resolve("good.parquet") + "/x", Schema.EMPTY)).code())
                .isIn(ErrorCode.FILE_NOT_FOUND, ErrorCode.IO_FAILED);
    }

    @Test
    void saysSoWhenAFileMayNotBeRead() throws IOException {
        writeNumbers("a.parquet", 0, 10);
        Path file = dir.resolve("a.parquet");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("root may read everything").isFalse();
        assertThat(failure(() -> source(file.toString(), Schema.EMPTY)).code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    }

    @Test
    void namesTheFileThatDiffersFromTheOthers() {
        writeNumbers("a.parquet", 0, 10);
        ParquetFiles.write(
                dir.resolve("b.parquet"),
                Schema.of("id", DataType.VARCHAR, "name", DataType.VARCHAR),
                10,
                List.of(List.of("x", "y")));
        MillraceException type = failure(() -> source(dir + "/*.parquet", Schema.EMPTY));
        assertThat(type).hasMessageContaining("column id of file " + dir + "/b.parquet holds STRING");
        ParquetFiles.write(dir.resolve("b.parquet"), Schema.of("id", DataType.BIGINT), 10, List.of(List.of(1L)));
        MillraceException missing = failure(() -> source(dir + "/*.parquet", Schema.EMPTY));
        assertThat(missing.code()).isEqualTo(ErrorCode.UNKNOWN_COLUMN);
        assertThat(missing).hasMessageContaining("b.parquet has no column name");
    }

    @Test
    void failsWhenAFileChangesBetweenPlanningAndReading() {
        writeNumbers("a.parquet", 0, 1000);
        Source source = source(dir + "/a.parquet", Schema.EMPTY);
        writeNumbers("a.parquet", 0, 900);
        assertThatThrownBy(() -> readAll(source))
                .isInstanceOfSatisfying(
                        MillraceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_CHANGED));
    }

    @Test
    void passesOverHiddenFilesInADirectory() throws IOException {
        writeNumbers("a.parquet", 0, 10);
        Files.writeString(dir.resolve("_SUCCESS"), "");
        Files.writeString(dir.resolve(".a.parquet.crc"), "x");
        Files.createDirectory(dir.resolve("_temporary"));
        Files.writeString(dir.resolve("_temporary/x.parquet"), "x");
        Files.createDirectory(dir.resolve("day=1"));
        writeNumbers("day=1/b.parquet", 10, 20);
        assertThat(source(dir.toString(), Schema.EMPTY).estimatedRows()).hasValue(20);
        assertThat(source("file://" + dir + "/*.parquet", Schema.EMPTY).estimatedRows()).hasValue(10);
        assertThat(source(dir + "/**.parquet", Schema.EMPTY).estimatedRows()).hasValue(20);
        assertThat(source(dir + "/day={1,2}/*", Schema.EMPTY).estimatedRows()).hasValue(10);
    }

    @Test
    void refusesNullWhereTheTableSaysThereIsNone() {
        ParquetFiles.write(dir.resolve("a.parquet"), SCHEMA, 10, List.of(Arrays.asList(1L, null)));
        Source source =
                source(dir + "/a.parquet", Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR.notNull()));
        assertThatThrownBy(() -> readAll(source)).hasMessageContaining("column=name").hasMessageContaining("NULL");
    }

    @Test
    void widensTypesAsTheTableDeclaresThem() {
        DuckFiles.run(
                "COPY (SELECT 7::INT AS i, 1.5::FLOAT AS f, TIMESTAMP '2026-01-01 00:00:00.123456' AS t) TO '"
                        + dir
                        + "/w.parquet'");
        Source source =
                source(
                        dir + "/w.parquet",
                        Schema.of("t", DataType.timestamp(3), "f", DataType.DOUBLE, "i", DataType.BIGINT));
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            assertThat(driver.toEnd().rows().toString()).isEqualTo("[[2026-01-01T00:00:00.123, 1.5, 7]]");
        }
    }
}
