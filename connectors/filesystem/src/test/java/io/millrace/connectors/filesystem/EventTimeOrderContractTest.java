package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.EventTime;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceContract;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Schema;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Files whose row groups overlap in time and are sorted by nothing. */
class EventTimeOrderContractTest extends SourceContract {
    private static final Schema SCHEMA =
            Schema.of("name", DataType.VARCHAR, "t", DataType.timestamp(3), "id", DataType.BIGINT.notNull());

    @TempDir Path dir;

    private final List<List<Object>> all = new ArrayList<>();

    @BeforeEach
    void writeFiles() {
        SplittableRandom random = new SplittableRandom(5);
        for (int file = 0; file < 3; file++) {
            List<List<Object>> rows = new ArrayList<>();
            for (int i = 0; i < 1_500; i++) {
                long second = i * 10L + random.nextInt(600) + file;
                rows.add(
                        List.of(
                                "row " + random.nextInt(30),
                                LocalDateTime.ofEpochSecond(1_700_000_000L + second, 0, ZoneOffset.UTC),
                                file * 10_000L + i));
            }
            ParquetFiles.write(dir.resolve("f" + file + ".parquet"), SCHEMA, 400, rows);
            all.addAll(rows);
        }
    }

    @Override
    protected EventTime eventTime() {
        return EventTime.ofColumn(1, 0);
    }

    @Override
    protected Source source() {
        return new FilesystemConnectorFactory()
                .createSource(TestTables.table("t", SCHEMA, "path", dir.toString()), TestTables.context());
    }

    @Override
    protected List<List<Object>> expectedRows() {
        return all;
    }
}
