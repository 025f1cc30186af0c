package io.millrace.connectors.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connectors.api.BadRecord;
import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceContract;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tables over files of records do, whatever the format. */
abstract class TextTableContract extends SourceContract {
    private static final Schema SCHEMA =
            Schema.of("id", DataType.BIGINT, "name", DataType.VARCHAR, "t", DataType.timestamp(3));

    @TempDir Path dir;

    protected abstract String format();

    /** What a file begins with. */
    protected abstract String header();

    /** A record, with its line end. */
    protected abstract String record(long id, String name, String time);

    /** Two records that are none, each a line, and what of them the reasons must contain. */
    protected abstract List<String> badLines();

    private static LocalDateTime time(long id) {
        return LocalDateTime.ofEpochSecond(1_700_000_000L + id * 7919 % 3000, 0, ZoneOffset.UTC);
    }

    @BeforeEach
    void writeFiles() throws IOException {
        for (int file = 0; file < 2; file++) {
            StringBuilder text = new StringBuilder(file == 0 ? "\ufeff" : "").append(header());
            for (long id = file * 700L; id < file * 700L + 700; id++) {
                text.append(record(id, id % 10 == 0 ? null : "name " + id, time(id).toString().replace('T', ' ')));
            }
            // The last line end is often missing.
            text.setLength(text.length() - 1);
            Files.writeString(dir.resolve("f" + file + "." + format()), text);
        }
        Files.createFile(dir.resolve("empty." + format()));
    }

    @Override
    protected Source source() {
        return source(dir.toString());
    }

    private Source source(String path) {
        return new FilesystemConnectorFactory()
                .createSource(TestTables.table("t", SCHEMA, "path", path, "format", format()), TestTables.context());
    }

    @Override
    protected EventTime eventTime() {
        return EventTime.ofColumn(2, 0);
    }

    @Override
    protected List<List<Object>> expectedRows() {
        List<List<Object>> rows = new ArrayList<>();
        for (long id = 0; id < 1400; id++) {
            rows.add(Arrays.asList(id, id % 10 == 0 ? null : "name " + id, time(id)));
        }
        return rows;
    }

    @Test
    void tellsOfBadRecordsAndWhereTheyLie() throws IOException {
        String first = header() + record(1, "a", "2026-01-01 00:00:00");
        String text =
                first + badLines().get(0) + "\n" + record(2, "b", "2026-01-01 00:00:00") + badLines().get(1) + "\n";
        Path file = dir.resolve("bad." + format());
        Files.writeString(file, text);
        Source source = source(file.toString());
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            assertThat(driver.toEnd().rows()).hasSize(2);
            List<BadRecord> bad = driver.badRecords();
            assertThat(bad).hasSize(2);
            assertThat(bad.getFirst().origin()).isEqualTo(file.toString());
            assertThat(bad.getFirst().position()).isEqualTo(first.getBytes(StandardCharsets.UTF_8).length);
            assertThat(new String(bad.getFirst().rawBytes(), StandardCharsets.UTF_8)).isEqualTo(badLines().get(0));
            assertThat(bad.getFirst().reason()).isNotBlank();
        }
    }

    @Test
    void readsRecordsAcrossStripes() throws IOException {
        StringBuilder text = new StringBuilder(header());
        String name = "x".repeat(300_000);
        for (long id = 0; id < 40; id++) {
            text.append(record(id, name + id, "2026-01-01 00:00:00"));
        }
        Path file = dir.resolve("long." + format());
        Files.writeString(file, text);
        Source source = source(file.toString());
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            List<List<Object>> rows = driver.toEnd().rows();
            assertThat(rows).hasSize(40);
            assertThat(rows.get(39).get(1)).isEqualTo(name + 39);
        }
    }

    @Test
    void needsColumns() {
        assertThatThrownBy(() ->
                        new FilesystemConnectorFactory()
                                .createSource(
                                        TestTables.table("t", Schema.EMPTY, "path", dir.toString(), "format", format()),
                                        TestTables.context()))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("does not say its columns' types");
    }
}
