package io.millrace.connectors.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkContract;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceDriver;
import io.millrace.connectors.api.SourceDriver.Shape;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What file sinks of every format do. */
abstract class FileSinkContract extends SinkContract {
    @TempDir Path dir;

    private Path target;
    private int targets;

    protected abstract String format();

    @Override
    protected Schema schema() {
        return Schema.of("id", DataType.BIGINT.notNull(), "name", DataType.VARCHAR, "dec", DataType.decimal(10, 2));
    }

    @Override
    protected List<Object> row(int i) {
        return Arrays.asList(
                (long) i, i % 5 == 0 ? null : "name \"" + i + "\", and more", java.math.BigDecimal.valueOf(i, 2));
    }

    private TableDescriptor table() {
        return TestTables.table("t", schema(), "path", target.toString(), "format", format());
    }

    @Override
    protected Sink sink() {
        target = dir.resolve("t" + targets++).resolve("deep");
        return new FilesystemConnectorFactory().createSink(table(), TestTables.context());
    }

    @Override
    protected List<List<Object>> written() {
        if (list().isEmpty()) {
            return List.of();
        }
        Source source = new FilesystemConnectorFactory().createSource(table(), TestTables.context());
        try (SourceDriver driver = new SourceDriver(source, Shape.of(source))) {
            return driver.toEnd().rows();
        }
    }

    private List<String> list() {
        try (Stream<Path> files = Files.list(target)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void leavesNothingBehindWhenItIsAborted() {
        try (Driver driver = drive(2)) {
            driver.writeRows(0, 0, 50);
            driver.writeRows(1, 50, 100);
            driver.prepare(1);
            assertThat(list()).isNotEmpty().allMatch(name -> name.startsWith("."));
            driver.run.abort();
        }
        assertThat(list()).isEmpty();
    }

    @Test
    void addsFilesBesideThoseOfAnEarlierExecution() {
        Sink sink = sink();
        for (int i = 0; i < 3; i++) {
            try (Driver driver = drive(sink, 1)) {
                driver.writeRows(0, i * 10, i * 10 + 10);
                driver.checkpoint(1);
            }
        }
        assertThat(list()).hasSize(3);
        assertWritten(0, 30);
    }

    @Test
    void sweepsWhatAKilledExecutionLeftADayAgo() throws IOException {
        Sink sink = sink();
        Files.createDirectories(target);
        Path old = target.resolve(".part-00007-0-0." + format() + ".inprogress");
        Path young = target.resolve(".part-00008-0-0." + format() + ".inprogress");
        Path foreign = target.resolve(".mine.inprogress");
        Instant twoDaysAgo = Instant.now().minus(Duration.ofDays(2));
        for (Path file : List.of(old, young, foreign)) {
            Files.writeString(file, "half a file");
        }
        Files.setLastModifiedTime(old, FileTime.from(twoDaysAgo));
        Files.setLastModifiedTime(foreign, FileTime.from(twoDaysAgo));
        try (Driver driver = drive(sink, 1)) {
            driver.writeRows(0, 0, 10);
            driver.checkpoint(1);
        }
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(foreign).exists();
        assertWritten(0, 10);
    }

    @Test
    void refusesARowThatCannotBeWrittenAndShowsNothing() {
        Sink sink = sink();
        try (Driver driver = drive(sink, 1)) {
            try {
                Files.createDirectories(target);
                // The name that it would take is taken by something else.
                Files.createFile(target.resolve(".part-00001-0-0." + format() + ".inprogress"));
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
            driver.writeRows(0, 0, 10);
            MillraceException failure = null;
            try {
                driver.checkpoint(1);
            } catch (MillraceException expected) {
                failure = expected;
            }
            assertThat(failure).isNotNull();
            assertThat(failure.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
        }
        assertThat(list()).noneMatch(name -> name.startsWith("part-"));
    }
}
