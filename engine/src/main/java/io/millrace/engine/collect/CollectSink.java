package io.millrace.engine.collect;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.types.DataType;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Gives a query's rows to whoever runs it, batch by batch, as fast as they are taken. As changes they have a first
 * column {@value #OP}: {@code +I}, {@code -U}, {@code +U} or {@code -D}. For one execution and one reader.
 */
public final class CollectSink implements Sink {
    /** Name of the first column of a result in streaming mode. */
    public static final String OP = "op";

    private static final int CAPACITY_BATCHES = 16;

    private final Schema resultSchema;
    private final boolean asChanges;
    private final int columnCount;
    private final List<Integer> uniqueKey;
    private final ResultQueue queue = new ResultQueue(CAPACITY_BATCHES);

    /**
     * A sink for rows of this schema.
     *
     * @param asChanges whether each change is wanted, or the rows that are there in the end
     * @param uniqueKey columns whose values no two rows share, by which updates are told from insertions and deletions;
     *     empty when there is never more than one row, null when nothing is known
     */
    public CollectSink(Schema schema, boolean asChanges, List<Integer> uniqueKey) {
        this.resultSchema = asChanges ? withOp(schema) : schema;
        this.asChanges = asChanges;
        this.columnCount = schema.size();
        this.uniqueKey = uniqueKey == null ? null : List.copyOf(uniqueKey);
    }

    private static Schema withOp(Schema schema) {
        List<Field> fields = new ArrayList<>(schema.size() + 1);
        fields.add(new Field(OP, DataType.varchar(2).notNull()));
        fields.addAll(schema.fields());
        return new Schema(fields);
    }

    /** Of the batches that are taken: with {@value #OP} in front when changes are wanted. */
    public Schema resultSchema() {
        return resultSchema;
    }

    @Override
    public ChangelogKind accepts() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public List<Integer> writerKey(ChangelogKind written) {
        if (written == ChangelogKind.APPEND) {
            return List.of();
        }
        return asChanges && uniqueKey != null ? uniqueKey : IntStream.range(0, columnCount).boxed().toList();
    }

    @Override
    public String describe() {
        return asChanges ? "changes" : "rows";
    }

    @Override
    public SinkRun start(SinkRequest request) {
        queue.expectWriters(request.writerCount());
        return new Run(request);
    }

    /**
     * The next batch, or null at the end; waits. The reader hands it to {@link #giveBack} before it takes another.
     *
     * @param jobIsOver whether the job has ended, asked now and then: one that fails before this sink is started tells
     *     it nothing
     */
    public Batch take(BooleanSupplier jobIsOver) throws InterruptedException {
        return queue.take(jobIsOver);
    }

    public void giveBack(Batch batch) {
        queue.giveBack(batch);
    }

    /** The reader wants no more; what still comes is thrown away. */
    public void abandon() {
        queue.abandon();
    }

    private final class Run implements SinkRun {
        private final SinkRequest request;

        Run(SinkRequest request) {
            this.request = request;
        }

        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            if (request.changelogKind() == ChangelogKind.APPEND) {
                return new RowWriter(queue, asChanges ? resultSchema : null, context.allocator());
            }
            return new ChangeWriter(queue, request.schema(), resultSchema, asChanges, uniqueKey, context);
        }

        @Override
        public void commit(long checkpoint, List<Prepared> prepared) {}

        @Override
        public void abort() {
            queue.endAndWait();
        }

        @Override
        public void close() {
            queue.endAndWait();
        }
    }
}
