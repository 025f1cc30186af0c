package io.millrace.engine.view;

import io.millrace.connectors.api.CheckpointFiles;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.Prepared;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.state.table.BatchRecords;
import io.millrace.state.table.StateOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores the segments of a shard with checkpoints, each once: they never change but for which of their rows count. When
 * most of what is stored counts no longer, all of it is stored anew. One thread.
 */
final class ShardKeeper {
    /** Of segments that lie in one file. */
    private static final int FILE_BYTES = 8 << 20;

    /** Stored rows that may count no longer, besides as many as do. */
    private static final long SLACK_ROWS = 1 << 16;

    /** Where a segment is stored. */
    private record Place(String file, long offset) {}

    private final IoThreads io;
    private final Allocator allocator;
    private final CheckpointFiles files;
    private final ShardImage.Owner owner;
    private Map<Batch, Place> stored = new IdentityHashMap<>();

    ShardKeeper(IoThreads io, Allocator allocator, CheckpointFiles files, ShardImage.Owner owner) {
        this.io = io;
        this.allocator = allocator;
        this.files = files;
        this.owner = owner;
    }

    /** Stores what a version has and is not stored yet. */
    IoTask<Prepared> seal(ShardVersion version, long epoch, boolean ended) {
        long liveRows = 0;
        long storedRows = 0;
        Map<Batch, Place> known = new IdentityHashMap<>();
        for (SegmentRows segment : version.segments()) {
            liveRows += segment.liveRows();
            Place place = stored.get(segment.batch());
            if (place != null) {
                known.put(segment.batch(), place);
                storedRows += segment.batch().rowCount();
            }
        }
        if (storedRows > 2 * liveRows + SLACK_ROWS) {
            known.clear();
        }
        List<Batch> fresh = new ArrayList<>();
        for (SegmentRows segment : version.segments()) {
            if (!known.containsKey(segment.batch())) {
                fresh.add(segment.batch());
            }
        }
        List<Batch> held = fresh.stream().map(Batch::share).toList();
        IoTask<List<Place>> writing = io.submit("storing a view", () -> store(held));
        return new Sealing(version, epoch, ended, known, fresh, writing);
    }

    /** On an I/O thread. */
    private List<Place> store(List<Batch> held) {
        List<Place> places = new ArrayList<>();
        try (StateOutput output = new StateOutput(allocator, 1 << 16)) {
            List<Long> offsets = new ArrayList<>();
            for (int i = 0; i < held.size(); i++) {
                offsets.add(output.sizeBytes());
                BatchRecords.write(allocator, held.get(i), output);
                if (output.sizeBytes() >= FILE_BYTES || i == held.size() - 1) {
                    String file = files.write(content(output));
                    offsets.forEach(offset -> places.add(new Place(file, offset)));
                    offsets.clear();
                    output.truncate(0);
                }
            }
            return places;
        } finally {
            held.forEach(Batch::close);
        }
    }

    private static ByteBuffer content(StateOutput output) {
        byte[] bytes = new byte[Math.toIntExact(output.sizeBytes())];
        Mem.copyOut(output.address(), bytes, 0, bytes.length);
        return ByteBuffer.wrap(bytes);
    }

    /** Done when the segments are stored. */
    private final class Sealing implements IoTask<Prepared> {
        private final ShardVersion version;
        private final long epoch;
        private final boolean ended;
        private final Map<Batch, Place> places;
        private final List<Batch> fresh;
        private final IoTask<List<Place>> writing;

        Sealing(
                ShardVersion version,
                long epoch,
                boolean ended,
                Map<Batch, Place> known,
                List<Batch> fresh,
                IoTask<List<Place>> writing) {
            this.version = version;
            this.epoch = epoch;
            this.ended = ended;
            this.places = known;
            this.fresh = fresh;
            this.writing = writing;
        }

        @Override
        public boolean isDone() {
            return writing.isDone();
        }

        @Override
        public Prepared result() {
            List<Place> written = writing.result();
            for (int i = 0; i < fresh.size(); i++) {
                places.put(fresh.get(i), written.get(i));
            }
            stored = places;
            Set<String> used = new LinkedHashSet<>();
            List<ShardImage.Stored> segments = new ArrayList<>();
            for (SegmentRows segment : version.segments()) {
                Place place = places.get(segment.batch());
                used.add(place.file());
                segments.add(new ShardImage.Stored(place.file(), place.offset(), segment.live()));
            }
            ShardImage image = new ShardImage(owner, epoch, version.frontierMicros(), ended, segments);
            return new Prepared(image.toBytes(), List.copyOf(used));
        }

        @Override
        public void cancel() {}
    }
}
