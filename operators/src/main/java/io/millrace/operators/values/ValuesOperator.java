package io.millrace.operators.values;

import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.operators.contract.SourceOperator;
import java.nio.ByteBuffer;
import java.util.List;

/** Emits the rows in their order, a batch a poll. */
final class ValuesOperator implements SourceOperator {
    private static final String NEXT = "next";

    private final ValuesSpec spec;
    private final int batchRows;
    private final BatchBuilder builder;
    private int next;

    ValuesOperator(ValuesSpec spec, OperatorContext context) {
        this.spec = spec;
        this.batchRows = context.batchRows();
        this.builder =
                new BatchBuilder(
                        context.allocator(),
                        spec.outputSchema(),
                        Math.min(batchRows, Math.max(1, spec.rows().size())),
                        spec.weights() != null);
        int first = 0;
        for (byte[] restored : context.state().restored(NEXT)) {
            // The other tasks emit nothing.
            first = Math.max(first, ByteBuffer.wrap(restored).getInt());
        }
        this.next = context.taskIndex() == 0 ? first : spec.rows().size();
        context.state()
                .register(
                        NEXT,
                        () -> ByteBuffer.allocate(Integer.BYTES).putInt(context.taskIndex() == 0 ? next : 0).array());
    }

    @Override
    public Poll poll(Output output) {
        List<List<Object>> rows = spec.rows();
        if (next == rows.size()) {
            return Poll.FINISHED;
        }
        if (output.isFull()) {
            return Poll.IDLE;
        }
        int end = Math.min(rows.size(), next + batchRows);
        for (; next < end; next++) {
            Object[] values = rows.get(next).toArray();
            if (spec.weights() == null) {
                builder.append(values);
            } else {
                builder.appendWeighted(spec.weights().get(next), values);
            }
        }
        output.emit(builder.build());
        return Poll.ACTIVE;
    }

    @Override
    public void close() {
        builder.close();
    }
}
