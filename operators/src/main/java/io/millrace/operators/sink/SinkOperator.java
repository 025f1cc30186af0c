package io.millrace.operators.sink;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.column.Column;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.Output;

/** Hands batches to a sink's writer, waits while it is full, and has it seal what it has. */
final class SinkOperator implements Operator {
    private final SinkOperatorRun run;
    private final SinkWriter writer;
    private Batch waiting;

    SinkOperator(SinkOperatorRun run, SinkWriter writer) {
        this.run = run;
        this.writer = writer;
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        if (batch.activeCount() == 0) {
            batch.close();
            return;
        }
        refuseNulls(batch);
        if (writer.isFull()) {
            waiting = batch;
        } else {
            writer.write(batch);
        }
    }

    private void refuseNulls(Batch batch) {
        for (int column : run.spec().required()) {
            if (batch.column(column).hasNulls() && holdsNull(batch, batch.column(column))) {
                batch.close();
                throw new MillraceException(
                                ErrorCode.DATA_EXCEPTION,
                                "column "
                                        + run.spec().outputSchema().name(column)
                                        + " of table "
                                        + run.spec().table()
                                        + " may not be NULL, and a row has NULL there")
                        .withHelp("Leave such rows out with WHERE … IS NOT NULL, or give a value with COALESCE.");
            }
        }
    }

    private static boolean holdsNull(Batch batch, Column column) {
        for (int i = 0; i < batch.activeCount(); i++) {
            if (column.isNull(batch.row(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void advance(long watermarkMicros, Output out) {
        writer.watermark(watermarkMicros);
    }

    @Override
    public boolean wantsCheckpoint() {
        return writer.wantsCheckpoint();
    }

    @Override
    public IoTask<Prepared> prepare(long checkpoint) {
        return writer.prepare(checkpoint);
    }

    @Override
    public void endEpoch(EpochMarker marker, Output out) {
        writer.endEpoch(marker.epoch());
    }

    @Override
    public boolean hasPending() {
        return waiting != null;
    }

    @Override
    public boolean resume(Output out) {
        if (waiting == null || writer.isFull()) {
            return false;
        }
        Batch batch = waiting;
        waiting = null;
        writer.write(batch);
        return true;
    }

    @Override
    public void close() {
        if (waiting != null) {
            waiting.close();
            waiting = null;
        }
        writer.close();
    }
}
