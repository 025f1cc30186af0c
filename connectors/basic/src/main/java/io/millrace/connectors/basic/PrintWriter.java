package io.millrace.connectors.basic;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers lines and has an I/O thread write them, a block at a time and in order. */
final class PrintWriter implements SinkWriter {
    /** Text that is handed over before its epoch ends. */
    private static final int BLOCK_CHARS = 64 << 10;

    private final PrintStream stream;
    private final String prefix;
    private final int[] primaryKey;
    private final IoThreads io;
    private final StringBuilder text = new StringBuilder();

    /** With a primary key: what this epoch did to each key. */
    private final Map<List<Object>, Changes> changes = new LinkedHashMap<>();

    private IoTask<byte[]> writing;

    /** Rows of one key, with the net weight of each. */
    private record Changes(Map<List<Object>, Long> weights) {
        void add(List<Object> row, long weight) {
            weights.merge(row, weight, Long::sum);
        }

        List<List<Object>> withSign(int sign) {
            List<List<Object>> rows = new ArrayList<>();
            weights.forEach((row, weight) -> {
                for (long i = 0; i < weight * sign; i++) {
                    rows.add(row);
                }
            });
            return rows;
        }
    }

    PrintWriter(PrintStream stream, String prefix, int[] primaryKey, IoThreads io) {
        this.stream = stream;
        this.prefix = prefix;
        this.primaryKey = primaryKey;
        this.io = io;
    }

    @Override
    public boolean isFull() {
        return text.length() >= BLOCK_CHARS && !handOver();
    }

    @Override
    public void write(Batch batch) {
        try (batch) {
            List<List<Object>> rows = batch.toRows();
            for (int i = 0; i < rows.size(); i++) {
                long weight = batch.weight(batch.row(i));
                if (primaryKey.length > 0) {
                    fold(rows.get(i), weight);
                    continue;
                }
                for (long copies = Math.abs(weight); copies > 0; copies--) {
                    line(weight > 0 ? "+I" : "-D", rows.get(i));
                }
            }
        }
        if (text.length() >= BLOCK_CHARS) {
            handOver();
        }
    }

    private void fold(List<Object> row, long weight) {
        List<Object> key = new ArrayList<>(primaryKey.length);
        for (int column : primaryKey) {
            key.add(row.get(column));
        }
        changes.computeIfAbsent(key, k -> new Changes(new LinkedHashMap<>())).add(row, weight);
    }

    private void line(String kind, List<Object> row) {
        text.append(prefix).append(kind);
        RowText.append(text, row);
        text.append('\n');
    }

    private void unfold() {
        for (Changes change : changes.values()) {
            List<List<Object>> taken = change.withSign(-1);
            List<List<Object>> added = change.withSign(1);
            boolean update = !taken.isEmpty() && !added.isEmpty();
            taken.forEach(row -> line(update ? "-U" : "-D", row));
            added.forEach(row -> line(update ? "+U" : "+I", row));
        }
        changes.clear();
    }

    @Override
    public void endEpoch(long epoch) {
        unfold();
        handOver();
    }

    /** Gives the text to an I/O thread, unless the one before is still being written. */
    private boolean handOver() {
        if (writing != null) {
            if (!writing.isDone()) {
                return false;
            }
            writing.result();
            writing = null;
        }
        if (!text.isEmpty()) {
            String block = text.toString();
            text.setLength(0);
            writing = io.submit("print", () -> print(block));
        }
        return true;
    }

    private byte[] print(String block) {
        synchronized (stream) {
            stream.print(block);
            stream.flush();
        }
        return new byte[0];
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        unfold();
        return new Drain();
    }

    /** Done when all text was written. */
    private final class Drain implements IoTask<Prepared> {
        @Override
        public boolean isDone() {
            return handOver() && writing == null;
        }

        @Override
        public Prepared result() {
            return Prepared.NOTHING;
        }

        @Override
        public void cancel() {}
    }

    @Override
    public void close() {
        text.setLength(0);
        changes.clear();
    }
}
