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
        return new Run(view, mode, request);
    }

    @Override
    public boolean keepsRows() {
        return true;
    }

    private static final class Run implements SinkRun {
        private final View view;
        private final FoldMode mode;
        private final SinkRequest request;
        private RestoredShards restored;

        Run(View view, FoldMode mode, SinkRequest request) {
            this.view = view;
            this.mode = mode;
            this.request = request;
        }

        @Override
        public void recover(long checkpoint, List<Prepared> prepared) {
            restored =
                    new RestoredShards(
                            view.schema(),
                            request.checkpoints().files(),
                            view.group().allocator(),
                            request.placement(),
                            mode,
                            request.checkpoints().change(),
                            prepared);
            if (restored.hasEnded()) {
                // No writer will be opened.
                for (int writer = 0; writer < request.writerCount(); writer++) {
                    Writer ended = new Writer(view, mode, new ShardImage.Owner(writer, request.writerCount()), null);
                    ended.restore(restored, true);
                    ended.close();
                }
            }
        }

        @Override
        public SinkWriter open(int writerIndex, ReaderContext context) {
            ShardImage.Owner owner = new ShardImage.Owner(writerIndex, request.writerCount());
            ShardKeeper keeper =
                    request.checkpoints() == null
                            ? null
                            : new ShardKeeper(
                                    context.io(), view.group().allocator(), request.checkpoints().files(), owner);
            Writer writer = new Writer(view, mode, owner, keeper);
            if (restored != null && !restored.isEmpty()) {
                try {
                    writer.restore(restored, false);
                } catch (RuntimeException failure) {
                    writer.close();
                    throw failure;
                }
            }
            return writer;
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
        private final ShardImage.Owner owner;
        private final ViewShard shard;
        private final ShardKeeper keeper;
        private ShardVersion version = ShardVersion.EMPTY;
        private long lastEpoch;
        private boolean inputEnded;
        private boolean delivered;

        /** A writer of a view; the keeper is null when its rows are not kept. */
        Writer(View view, FoldMode mode, ShardImage.Owner owner, ShardKeeper keeper) {
            this.view = view;
            this.owner = owner;
            this.keeper = keeper;
            this.shard =
                    new ViewShard(
                            view.name(), view.schema(), view.definition().keyColumns(), mode, view.group().allocator());
        }

        /** Takes over what a checkpoint has of it, so that it is there before anything is written. */
        void restore(RestoredShards restored, boolean ended) {
            restored.fill(shard, owner);
            shard.watermark(restored.frontierMicros());
            deliver(restored.epoch(), ended);
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
            return keeper == null ? DoneTask.NOTHING : keeper.seal(version, lastEpoch, delivered);
        }

        private void deliver(long epoch, boolean ended) {
            if (delivered) {
                return;
            }
            delivered = ended;
            lastEpoch = Math.max(epoch, lastEpoch + 1);
            ShardDelivery delivery = shard.deliver(ended);
            version = delivery.version();
            view.group().deliver(view.index(), owner.writer(), lastEpoch, delivery);
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
