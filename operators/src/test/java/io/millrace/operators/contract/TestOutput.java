package io.millrace.operators.contract;

import io.millrace.memory.batch.Batch;
import java.util.ArrayList;
import java.util.List;

/** Collects what an operator emits, as objects; may claim to be full. */
public final class TestOutput implements Output {
    private final List<List<Object>> rows = new ArrayList<>();
    private final List<Long> weights = new ArrayList<>();
    private final List<Long> watermarks = new ArrayList<>();
    private final boolean fullEveryOtherCall;
    private boolean full;
    private int batches;

    public TestOutput(boolean fullEveryOtherCall) {
        this.fullEveryOtherCall = fullEveryOtherCall;
    }

    @Override
    public boolean isFull() {
        full = fullEveryOtherCall && !full;
        return full;
    }

    @Override
    public void emit(Batch batch) {
        try (batch) {
            batches++;
            rows.addAll(batch.toRows());
            for (int i = 0; i < batch.activeCount(); i++) {
                weights.add(batch.weight(batch.row(i)));
            }
        }
    }

    @Override
    public void watermark(long watermarkMicros) {
        watermarks.add(watermarkMicros);
    }

    /** The rows emitted so far, in their order. */
    public List<List<Object>> rows() {
        return rows;
    }

    /** One a row. */
    public List<Long> weights() {
        return weights;
    }

    public List<Long> watermarks() {
        return watermarks;
    }

    public int batches() {
        return batches;
    }

    /** The rows with their weights summed, each different row once; order plays no part. */
    public java.util.Map<List<Object>, Long> multiset() {
        java.util.Map<List<Object>, Long> counts = new java.util.HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            counts.merge(rows.get(i), weights.get(i), Long::sum);
        }
        counts.values().removeIf(count -> count == 0);
        return counts;
    }
}
