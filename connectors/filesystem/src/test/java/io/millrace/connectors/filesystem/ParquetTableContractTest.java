package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceContract;
import io.millrace.connectors.api.TestTables;
import io.millrace.memory.types.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class ParquetTableContractTest extends SourceContract {
    @TempDir Path dir;

    @BeforeEach
    void writeFiles() {
        DuckFiles.run(
                "COPY (SELECT i AS id, i % 5 AS few, 'name ' || (i % 7) || repeat('x', (i % 20)::INT) AS name, CASE"
                    + " WHEN i % 3 = 0 THEN NULL ELSE CAST(i * 0.5 AS DECIMAL(22,1)) END AS half FROM range(0, 5000)"
                    + " t(i)) TO '"
                        + dir
                        + "/a.parquet' (FORMAT parquet, CODEC zstd, ROW_GROUP_SIZE 2048)",
                "COPY (SELECT i AS id, i % 5 AS few, 'name ' || i AS name, CAST(NULL AS DECIMAL(22,1)) AS half "
                        + "FROM range(5000, 5100) t(i)) TO '"
                        + dir
                        + "/b.parquet' (FORMAT parquet, CODEC snappy)");
    }

    @Override
    protected Source source() {
        return new FilesystemConnectorFactory()
                .createSource(TestTables.table("t", Schema.EMPTY, "path", dir + "/*.parquet"), TestTables.context());
    }

    @Override
    protected List<List<Object>> expectedRows() {
        List<List<Object>> rows = new ArrayList<>();
        for (long i = 0; i < 5100; i++) {
            List<Object> row = new ArrayList<>();
            row.add(i);
            row.add(i % 5);
            row.add(i < 5000 ? "name " + i % 7 + "x".repeat((int) (i % 20)) : "name " + i);
            row.add(i >= 5000 || i % 3 == 0 ? null : java.math.BigDecimal.valueOf(i * 5, 1));
            rows.add(row);
        }
        return rows;
    }
}
