package io.millrace.engine.view;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.engine.changelog.FoldMode;
import io.millrace.memory.batch.Batch;
import java.util.List;

/** Writes a view: each writer a shard, handed over at the end of each epoch. */
record ViewSink(View view) implements Sink {
    @Override
    public ChangelogKind accepts() {
        return ChangelogKind.RETRACT;
    }

    @Override
    public List<Integer> writerKey(ChangelogKind written) {
        return FoldMode.of(written, !view.definition().primaryKey().isEmpty()) == FoldMode.APPEND
                ? List.of()
                : view.definition().partitionColumns();
    }

    @Override
    public String describe() {
        return "materialized view" + (view.definition().primaryKey().isEmpty() ? "" : " by " + keyNames());
    }

    private List<String> keyNames() {
        return view.definition().primaryKey().stream().map(column -> view.schema().name(column)).toList();
    }

    @Override
    public SinkRun start(SinkRequest request) {
        view.inputKind(request.changelogKind());
        view.group().start(view.index(), request.writerCount());
        FoldMode mode = FoldMode.of(request.changelogKind(), !view.definition().primaryKey().isEmpty());
        return new Run(view, mode);
    }

    private record Run(View view, FoldMode mode) implements SinkRun {
        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            return new Writer(view, mode, writerIndex);
        }

        @Override
        public void commit(long checkpoint, List<Prepared> prepared) {}

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }

    /** One task's writer. */
    private static final class Writer implements SinkWriter {
        private final View view;
        private final int writerIndex;
        private final ViewShard shard;
        private long lastEpoch;
        private boolean inputEnded;
        private boolean delivered;

        Writer(View view, FoldMode mode, int writerIndex) {
            this.view = view;
            this.writerIndex = writerIndex;
            this.shard =
                    new ViewShard(
                            view.name(), view.schema(), view.definition().keyColumns(), mode, view.group().allocator());
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public void write(Batch batch) {
            shard.write(batch);
        }

        @Override
        public void watermark(long watermarkMicros) {
            shard.watermark(watermarkMicros);
            inputEnded = watermarkMicros == Long.MAX_VALUE;
        }

        @Override
        public void endEpoch(long epoch) {
            deliver(epoch, false);
        }

        @Override
        public IoTask<Prepared> prepare(long checkpoint) {
            if (inputEnded) {
                deliver(lastEpoch + 1, true);
            }
            return DoneTask.NOTHING;
        }

        private void deliver(long epoch, boolean ended) {
            if (delivered) {
                return;
            }
            delivered = ended;
            lastEpoch = Math.max(epoch, lastEpoch + 1);
            view.group().deliver(view.index(), writerIndex, lastEpoch, shard.deliver(ended));
        }

        @Override
        public void close() {
            shard.close();
        }
    }

    /** A task that had nothing to do. */
    private enum DoneTask implements IoTask<Prepared> {
        NOTHING;

        @Override
        public boolean isDone() {
            return true;
        }

        @Override
        public Prepared result() {
            return Prepared.NOTHING;
        }

        @Override
        public void cancel() {}
    }
}
