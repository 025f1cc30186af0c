package io.millrace.connectors.kafka;

import io.millrace.connectors.api.CheckpointFiles;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.SinkCheckpoints;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.connectors.api.SinkWriter;
import io.millrace.connectors.api.StoredOutput;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.ByteBuffer;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * One execution of a sink that loses and repeats nothing. Writers store their output with the checkpoint; once that is
 * durable each chunk goes out in a short transaction of its own, in order, together with a record of how far it came.
 * No transaction stays open across a checkpoint, so none can expire. Whoever recovers fences the producers before,
 * reads that record, and sends the rest.
 */
final class ExactlyOnceRun implements SinkRun {
    private static final int ATTEMPTS = 5;

    private final KafkaSink sink;
    private final SinkRequest request;
    private final SinkCheckpoints checkpoints;
    private final ZoneId zone;
    private final int partitions;
    private final String transactionalId;
    private final StoredOutput output;
    private ChunkSender sender;
    private SentProgress progress = SentProgress.NONE;

    ExactlyOnceRun(KafkaSink sink, SinkRequest request, ZoneId zone, int partitions) {
        this.sink = sink;
        this.request = request;
        this.checkpoints = request.checkpoints();
        this.zone = zone;
        this.partitions = partitions;
        this.output = new StoredOutput(name(), sink.output().bufferBytes());
        this.transactionalId =
                sink.output().transactionalIdPrefix() + "-" + checkpoints.job() + "-" + request.sinkName();
    }

    String name() {
        return "table " + sink.table().table().name();
    }

    CheckpointFiles files() {
        return checkpoints.files();
    }

    int chunkBytes() {
        return sink.output().chunkBytes();
    }

    StoredOutput output() {
        return output;
    }

    @Override
    public SinkWriter open(int writerIndex, ReaderContext context) {
        RowRecords rows =
                new RowRecords(
                        sink,
                        request.schema(),
                        request.changelogKind(),
                        partitions,
                        writerIndex,
                        zone,
                        context.allocator());
        return new ChunkWriter(this, rows, context);
    }

    @Override
    public void recover(long checkpoint, List<Prepared> prepared) {
        sender = sender == null ? new ChunkSender(sink, transactionalId) : sender;
        takeOver();
        if (progress.checkpoint() > checkpoint) {
            throw new MillraceException(
                            ErrorCode.ALREADY_EXISTS,
                            name()
                                    + ": output past the restored checkpoint is already visible: restored checkpoint="
                                    + checkpoint
                                    + ", topic "
                                    + sink.table().topic()
                                    + " holds output of checkpoint="
                                    + progress.checkpoint())
                    .withHelp(
                            "Restore from that checkpoint or a later one; or write to another topic, or set"
                                    + " 'sink.transactional-id-prefix', to begin anew and accept repeated rows.");
        }
        sendOrTakeOver(checkpoint, prepared);
    }

    /** Fences every producer before this one, learns how far they came, and says that this execution has taken over. */
    private void takeOver() {
        MillraceException fenced = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                sender.takeOver();
                progress = sender.readProgress();
                if (progress.incarnation() > checkpoints.incarnation()) {
                    throw fencedBy(progress.incarnation());
                }
                if (progress.incarnation() < checkpoints.incarnation()) {
                    SentProgress own = progress.of(checkpoints.incarnation());
                    sender.claim(own);
                    progress = own;
                }
                return;
            } catch (MillraceException failed) {
                if (failed.code() != ErrorCode.FENCED || progress.incarnation() > checkpoints.incarnation()) {
                    throw failed;
                }
                fenced = failed;
            }
        }
        throw fenced;
    }

    /**
     * Sends the rest. An earlier execution that woke up in the midst of its own start can fence this one's producer; it
     * learns that it is not the last and ends, and this one takes over once more.
     */
    private void sendOrTakeOver(long checkpoint, List<Prepared> prepared) {
        for (int attempt = 1; ; attempt++) {
            try {
                send(checkpoint, prepared);
                return;
            } catch (MillraceException failed) {
                if (failed.code() != ErrorCode.FENCED || attempt == ATTEMPTS) {
                    throw failed;
                }
                takeOver();
            }
        }
    }

    @Override
    public void commit(long checkpoint, List<Prepared> prepared) {
        if (sender == null) {
            throw MillraceException.internal("commit before recover, checkpoint=" + checkpoint);
        }
        sendOrTakeOver(checkpoint, prepared);
        prepared.forEach(one -> output.committed(storedBytes(one)));
    }

    private static long storedBytes(Prepared prepared) {
        ByteBuffer bytes = ByteBuffer.wrap(prepared.bytes());
        if (!bytes.hasRemaining()) {
            return 0;
        }
        byte version = bytes.get();
        if (version != ChunkWriter.VERSION) {
            throw new MillraceException(
                    ErrorCode.UNSUPPORTED,
                    "expected sealed output of version " + ChunkWriter.VERSION + ", found version " + version);
        }
        return bytes.getLong();
    }

    /** Sends what was not sent of a checkpoint; nothing when a later one was. */
    private void send(long checkpoint, List<Prepared> prepared) {
        boolean begun = progress.checkpoint() == checkpoint;
        if (progress.checkpoint() > checkpoint || begun && progress.isWhole()) {
            return;
        }
        List<String> chunks = new ArrayList<>();
        prepared.forEach(one -> chunks.addAll(one.files()));
        if (begun && progress.chunks() != chunks.size()) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    name()
                            + ", checkpoint="
                            + checkpoint
                            + ": expected the "
                            + progress.chunks()
                            + " chunks of which some were sent, found "
                            + chunks.size());
        }
        for (int chunk = begun ? progress.chunk() + 1 : 0; chunk < chunks.size(); chunk++) {
            SentProgress next = new SentProgress(checkpoints.incarnation(), checkpoint, chunk, chunks.size());
            sender.send(checkpoints.files().read(chunks.get(chunk)), next);
            progress = next;
        }
    }

    private MillraceException fencedBy(long incarnation) {
        return new MillraceException(
                        ErrorCode.FENCED,
                        name()
                                + ": a later execution has taken over: own incarnation="
                                + checkpoints.incarnation()
                                + ", found "
                                + incarnation)
                .withHelp("Only one execution of a job may write; this one has ended.");
    }

    @Override
    public void abort() {}

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
    }
}
