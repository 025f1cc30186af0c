package io.millrace.operators.sort;

import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;
import io.millrace.state.StateLongs;

/** Lets the first rows pass, whichever come first. */
final class LimitOperator implements Operator {
    private static final String LEFT = "left";

    private final OperatorContext context;
    private long toSkip;
    private long toPass;

    LimitOperator(SortSpec spec, OperatorContext context) {
        this.context = context;
        this.toSkip = spec.offset();
        this.toPass = spec.limit() < 0 ? Long.MAX_VALUE : spec.limit();
        // Its input is gathered, so that what the first task has left is all that is left.
        if (context.taskIndex() == 0 && !context.state().restored(LEFT).isEmpty()) {
            long[] left = StateLongs.decode(context.state().restored(LEFT).getFirst(), 2);
            this.toSkip = left[0];
            this.toPass = left[1];
        }
        context.state().register(LEFT, () -> StateLongs.encode(toSkip, toPass));
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        int count = batch.activeCount();
        int skipped = (int) Math.min(count, toSkip);
        int passed = (int) Math.min(count - skipped, toPass);
        toSkip -= skipped;
        toPass -= passed;
        if (passed == 0) {
            batch.close();
            return;
        }
        if (passed < count) {
            Buffer rows;
            try {
                rows = context.allocator().allocate(MemoryTag.BATCH, 4L * passed);
            } catch (RuntimeException failure) {
                batch.close();
                throw failure;
            }
            for (int i = 0; i < passed; i++) {
                Mem.putInt(rows.address() + 4L * i, batch.row(skipped + i));
            }
            batch.select(new Selection(rows, passed));
        }
        out.emit(batch);
    }

    @Override
    public boolean isSatisfied() {
        return toPass == 0;
    }
}
