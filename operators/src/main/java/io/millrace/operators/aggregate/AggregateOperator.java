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
    private final AggregateSpec spec;
    private final OperatorContext context;
    private final boolean changes;
    private final Groups groups;
    private final BatchBuilder output;

    /** What is being emitted; null for nothing. */
    private Emission emission;

    private boolean behind;

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
        this.groups = new Groups(context.allocator(), groupSpec, context.state(), null);
        this.output = new BatchBuilder(context.allocator(), spec.outputSchema(), context.batchRows(), changes);
    }

    @Override
    public void process(int input, Batch batch, Output out) {
        try (batch) {
            groups.update(batch, batch.selectionAddress(), batch.activeCount());
        }
        behind = groups.isBehind();
        if (groups.mustEmit()) {
            emission = groups.changes();
            resume(out);
        }
    }

    @Override
    public void endEpoch(EpochMarker marker, Output out) {
        // In between, a group from which rows are taken may for a while have fewer than none.
        groups.live(changes && marker.live(), spec.inputKind() == ChangelogKind.APPEND);
        if (changes && marker.live() && groups.hasChanges()) {
            emission = groups.changes();
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
        emission = changes ? groups.changes() : groups.all();
        resume(out);
    }

    @Override
    public boolean hasPending() {
        return emission != null || behind;
    }

    @Override
    public boolean resume(Output out) {
        behind = behind && groups.isBehind();
        boolean progressed = false;
        while (emission != null && !out.isFull()) {
            Emission.Progress progress = emission.append(context.batchRows(), output);
            if (progress == Emission.Progress.WAITING) {
                return progressed;
            }
            progressed = true;
            if (progress == Emission.Progress.DONE) {
                endEmission();
            }
            if (output.rowCount() > 0) {
                out.emit(output.build());
            }
        }
        return progressed;
    }

    private void endEmission() {
        Emission ended = emission;
        emission = null;
        if (ended != null) {
            ended.close();
        }
    }

    @Override
    public void close() {
        endEmission();
        groups.close();
        output.close();
    }
}
