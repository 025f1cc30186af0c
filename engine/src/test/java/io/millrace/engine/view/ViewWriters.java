package io.millrace.engine.view;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import java.util.ArrayList;
import java.util.List;

/** The writers of one view, driven by a test as tasks would: rows of one key always come to the same writer. */
final class ViewWriters implements AutoCloseable {
    private final View view;
    private final SinkRun run;
    private final List<SinkWriter> writers = new ArrayList<>();
    private final List<BatchBuilder> builders = new ArrayList<>();

    ViewWriters(View view, ChangelogKind kind, int writerCount, Allocator allocator) {
        this.view = view;
        run = view.sink().start(new SinkRequest("job", view.schema(), kind, writerCount, false));
        for (int i = 0; i < writerCount; i++) {
            writers.add(run.open(i, null));
            builders.add(new BatchBuilder(allocator, view.schema(), 16, kind != ChangelogKind.APPEND));
        }
    }

    int count() {
        return writers.size();
    }

    private int owner(List<Object> row) {
        List<Integer> key = view.definition().partitionColumns();
        return Math.floorMod(key.stream().map(row::get).toList().hashCode(), writers.size());
    }

    void change(long weight, List<Object> row) {
        BatchBuilder builder = builders.get(owner(row));
        if (builder.isWeighted()) {
            builder.appendWeighted(weight, row.toArray());
        } else {
            builder.append(row.toArray());
        }
    }

    /** Hands the changes so far to the writers. */
    void flush() {
        for (int i = 0; i < writers.size(); i++) {
            if (builders.get(i).rowCount() > 0) {
                writers.get(i).write(builders.get(i).build());
            }
        }
    }

    void watermark(long micros) {
        writers.forEach(writer -> writer.watermark(micros));
    }

    void endEpoch(long epoch) {
        flush();
        writers.forEach(writer -> writer.endEpoch(epoch));
    }

    void endEpoch(int writer, long epoch) {
        flush();
        writers.get(writer).endEpoch(epoch);
    }

    void finish() {
        flush();
        watermark(Long.MAX_VALUE);
        writers.forEach(writer -> writer.prepare(1));
    }

    @Override
    public void close() {
        builders.forEach(BatchBuilder::close);
        writers.forEach(SinkWriter::close);
        run.close();
    }

    /** The rows of a page, as objects. */
    static List<List<Object>> rows(ViewPage page) {
        List<List<Object>> rows = new ArrayList<>();
        page.forEach((batch, row, isFinal) -> {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < batch.columnCount(); i++) {
                values.add(batch.column(i).getObject(row));
            }
            rows.add(values);
        });
        return rows;
    }
}
