package io.millrace.operators.aggregate;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.OperatorContext;
import io.millrace.operators.contract.Output;

/** Hash aggregation: each group once, at the end of the input, or its changes at each live epoch. */
final class AggregateOperator implements Operator {
    /** What is being emitted. */
    private enum Emitting {
        NOTHING,
        /** Every group, at the end. */
        ALL,
        /** The groups that changed. */
        CHANGES
    }

    private final AggregateSpec spec;
    private final OperatorContext context;
    private final boolean changes;
    private final GroupTable groups;
    private final BatchBuilder output;
    private Emitting emitting = Emitting.NOTHING;
    private long cursor;

    AggregateOperator(AggregateSpec spec, OperatorContext context) {
        this.spec = spec;
        this.context = context;
        this.changes = spec.changelogKind() == ChangelogKind.RETRACT;
        boolean retracting = spec.inputKind() != ChangelogKind.APPEND;
        GroupSpec groupSpec =
                new GroupSpec(
                        "groups",
                        spec.inputSchema(),
                        spec.groupKeys(),
                        spec.calls(),
                        retracting,
                        changes,
                        spec.groupKeys().isEmpty());
        this.groups = new GroupTable(context.allocator(), groupSpec, context.state()::table);
        this.output = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows(), changes);
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        try (batch) {
            groups.update(batch, batch.selectionAddress(), batch.activeCount());
        }
    }

    @Override
    public void endEpoch(EpochMarker marker, Output out) {
        if (changes && marker.live() && groups.hasChanges()) {
            emitting = Emitting.CHANGES;
            resume(out);
        }
    }

    @Override
    public void advance(long watermarkMicros, Output out) {
        if (watermarkMicros != END_OF_INPUT) {
            return;
        }
        if (spec.groupKeys().isEmpty() && context.taskIndex() == 0) {
            groups.ensureOnlyGroup();
        }
        cursor = 0;
        emitting = changes ? Emitting.CHANGES : Emitting.ALL;
        resume(out);
    }

    @Override
    public boolean hasPending() {
        return emitting != Emitting.NOTHING;
    }

    @Override
    public boolean resume(Output out) {
        boolean progressed = false;
        while (emitting != Emitting.NOTHING && !out.isFull()) {
            progressed = true;
            if (emitting == Emitting.ALL) {
                cursor = groups.appendAll(cursor, context.batchRows(), output);
                emitting = cursor < 0 ? Emitting.NOTHING : Emitting.ALL;
            } else {
                boolean more = groups.hasChanges() && groups.appendChanges(context.batchRows(), output);
                emitting = more ? Emitting.CHANGES : Emitting.NOTHING;
            }
            if (output.rowCount() > 0) {
                out.emit(output.build());
            }
        }
        return progressed;
    }

    @Override
    public void close() {
        groups.close();
        output.close();
    }
}
