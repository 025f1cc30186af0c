package io.millrace.operators.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.SourceReader.Poll;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.batch.Selection;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.types.Schema;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What every operator must stand, whatever it computes: batches of any size, empty ones and ones with a selection, an
 * output that is full every other call, epoch markers between batches, and an allocation that fails at any point. After
 * each run all memory is back. Extend it and say what the operator is and what it reads; its result must not depend on
 * how the rows are cut into batches.
 */
public abstract class OperatorContract {
    private static final int BATCH_ROWS = 64;
    private static final int MAX_FAULTS = 400;

    /** The operator under test. */
    protected abstract OperatorSpec spec();

    /** The rows of an input, as objects; none for a source. The same at each call. */
    protected abstract List<List<Object>> inputRows(int input);

    /** What an input's rows look like; one an input, none for a source. */
    protected abstract List<Schema> inputSchemas();

    /** One a row of an input, or null when each row is added once. */
    protected List<Long> inputWeights(int input) {
        return null;
    }

    /** The watermarks to send before the last one, by how many batches went before; none by default. */
    protected Long watermarkAfter(int batches) {
        return null;
    }

    private record Run(
            int batchRows, boolean fullEveryOtherCall, boolean selections, boolean markers, KernelMode kernels) {}

    private static Run plain(int batchRows) {
        return new Run(batchRows, false, false, false, KernelMode.INTERPRETED);
    }

    @Test
    void batchSizesMakeNoDifference() {
        Map<List<Object>, Long> expected = result(plain(BATCH_ROWS));
        assertThat(result(plain(1))).isEqualTo(expected);
        assertThat(result(plain(7))).isEqualTo(expected);
        assertThat(result(plain(4096))).isEqualTo(expected);
    }

    @Test
    void aFullOutputMakesNoDifference() {
        Map<List<Object>, Long> expected = result(plain(BATCH_ROWS));
        assertThat(result(new Run(7, true, false, false, KernelMode.INTERPRETED))).isEqualTo(expected);
    }

    @Test
    void selectionsMakeNoDifference() {
        Map<List<Object>, Long> expected = result(plain(BATCH_ROWS));
        assertThat(result(new Run(BATCH_ROWS, false, true, false, KernelMode.INTERPRETED))).isEqualTo(expected);
    }

    @Test
    void epochMarkersBetweenBatchesMakeNoDifference() {
        Map<List<Object>, Long> expected = result(plain(BATCH_ROWS));
        assertThat(result(new Run(7, true, true, true, KernelMode.INTERPRETED))).isEqualTo(expected);
    }

    @Test
    void compiledKernelsMakeNoDifference() {
        Map<List<Object>, Long> expected = result(plain(BATCH_ROWS));
        assertThat(result(new Run(BATCH_ROWS, false, true, true, KernelMode.COMPILED))).isEqualTo(expected);
    }

    @Test
    void standsEmptyBatches() {
        try (TestContext context = new TestContext(BATCH_ROWS, KernelMode.INTERPRETED)) {
            TestOutput output = new TestOutput(false);
            try (OperatorRun run = start();
                    Operator operator = run.open(context)) {
                for (int input = 0; input < inputSchemas().size(); input++) {
                    try (BatchBuilder builder = new BatchBuilder(context.allocator(), inputSchemas().get(input), 1)) {
                        operator.process(input, builder.build(), output);
                    }
                    drain(operator, output, context);
                }
            }
            assertThat(output.rows()).isEmpty();
        }
    }

    @Test
    void closesAtAnyTime() {
        try (TestContext context = new TestContext(BATCH_ROWS, KernelMode.INTERPRETED);
                OperatorRun run = start()) {
            Operator unused = run.open(context);
            unused.close();
            unused.close();
        }
        try (TestContext context = new TestContext(3, KernelMode.INTERPRETED);
                OperatorRun run = start();
                Operator operator = run.open(context)) {
            TestOutput output = new TestOutput(true);
            if (operator instanceof SourceOperator source) {
                source.poll(output);
            } else {
                List<Batch> batches = batches(context, 0, plain(3), new Random(1));
                batches.subList(1, batches.size()).forEach(Batch::close);
                operator.process(0, batches.getFirst(), output);
            }
        }
    }

    @Test
    void aFailedAllocationLeaksNothing() {
        Map<List<Object>, Long> expected = result(plain(BATCH_ROWS));
        for (int failing = 1; failing <= MAX_FAULTS; failing++) {
            Allocator root = Allocator.root(256L << 20);
            int[] calls = {0};
            int at = failing;
            root.injectFault((owner, bytes) -> owner.equals("operator") && ++calls[0] == at);
            boolean failed = false;
            try (TestContext inputs = new TestContext(root, BATCH_ROWS, KernelMode.INTERPRETED)) {
                Allocator own = root.child("operator");
                TestOutput output = new TestOutput(false);
                try {
                    run(plain(BATCH_ROWS), inputs, new TestContext(own, BATCH_ROWS, KernelMode.INTERPRETED), output);
                    assertThat(output.multiset()).isEqualTo(expected);
                } catch (MillraceException failure) {
                    assertThat(failure.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                    failed = true;
                }
                own.close();
            }
            if (!failed && calls[0] < failing) {
                return;
            }
        }
    }

    private OperatorRun start() {
        return spec().start(new RunContext("test", spec().name(), true, 1, 0));
    }

    private Map<List<Object>, Long> result(Run run) {
        try (TestContext context = new TestContext(run.batchRows, run.kernels)) {
            TestOutput output = new TestOutput(run.fullEveryOtherCall);
            run(run, context, context, output);
            return output.multiset();
        }
    }

    private void run(Run run, TestContext inputs, TestContext own, TestOutput output) {
        Random random = new Random(7);
        try (OperatorRun execution = start()) {
            try (Operator operator = execution.open(own)) {
                if (operator instanceof SourceOperator source) {
                    poll(source, output, own, run);
                } else {
                    feed(run, operator, inputs, own, output, random);
                }
                operator.advance(Operator.END_OF_INPUT, output);
                drain(operator, output, own);
                execution.commit(Operator.FINAL_CHECKPOINT, prepared(operator, own));
            }
        }
    }

    private static List<Prepared> prepared(Operator operator, TestContext context) {
        IoTask<Prepared> preparing = operator.prepare(Operator.FINAL_CHECKPOINT);
        if (preparing == null) {
            return List.of();
        }
        while (!preparing.isDone()) {
            context.runIo();
        }
        return List.of(preparing.result());
    }

    private static void poll(SourceOperator source, TestOutput output, TestContext context, Run run) {
        for (long epoch = 1; source.poll(output) != Poll.FINISHED; epoch++) {
            drain(source, output, context);
            mark(run, source, epoch, output, context);
        }
    }

    private static void mark(Run run, Operator operator, long epoch, TestOutput output, TestContext context) {
        if (run.markers) {
            operator.endEpoch(new EpochMarker(epoch, epoch % 3 == 0 ? epoch : 0, true), output);
            drain(operator, output, context);
        }
    }

    private void feed(
            Run run, Operator operator, TestContext inputs, TestContext own, TestOutput output, Random random) {
        int fed = 0;
        for (int input = 0; input < inputSchemas().size(); input++) {
            List<Batch> batches = batches(inputs, input, run, random);
            int next = 0;
            try {
                for (; next < batches.size(); next++) {
                    operator.process(input, batches.get(next), output);
                    drain(operator, output, own);
                    fed++;
                    mark(run, operator, fed, output, own);
                    Long watermark = watermarkAfter(fed);
                    if (watermark != null) {
                        operator.advance(watermark, output);
                        drain(operator, output, own);
                    }
                }
            } finally {
                for (int rest = next + 1; rest < batches.size(); rest++) {
                    batches.get(rest).close();
                }
            }
        }
    }

    private static void drain(Operator operator, TestOutput output, TestContext context) {
        int idle = 0;
        while (operator.hasPending()) {
            idle = operator.resume(output) || context.runIo() ? 0 : idle + 1;
            if (idle > 1_000) {
                throw new AssertionError("expected progress, found none: " + operator);
            }
        }
        context.runIo();
    }

    /** The input cut into batches; with selections half of the rows in the columns are strangers. */
    private List<Batch> batches(TestContext context, int input, Run run, Random random) {
        List<List<Object>> rows = inputRows(input);
        List<Long> weights = inputWeights(input);
        List<Batch> batches = new java.util.ArrayList<>();
        boolean weighted = weights != null;
        try (BatchBuilder builder =
                new BatchBuilder(context.allocator(), inputSchemas().get(input), run.batchRows, weighted)) {
            for (int from = 0; from < rows.size(); from += run.batchRows) {
                int to = Math.min(rows.size(), from + run.batchRows);
                int[] selected = new int[to - from];
                for (int i = from; i < to; i++) {
                    if (run.selections && random.nextBoolean()) {
                        builder.appendWeighted(1, rows.get(random.nextInt(rows.size())).toArray());
                    }
                    selected[i - from] = builder.rowCount();
                    builder.appendWeighted(weighted ? weights.get(i) : 1, rows.get(i).toArray());
                }
                Batch batch = builder.build();
                if (run.selections) {
                    batch.select(Selection.of(context.allocator(), selected));
                }
                batches.add(batch);
            }
        }
        return batches;
    }
}
