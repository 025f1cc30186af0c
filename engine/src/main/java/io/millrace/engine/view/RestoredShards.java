package io.millrace.engine.view;

import io.millrace.connectors.api.CheckpointFiles;
import io.millrace.connectors.api.ColumnChange;
import io.millrace.connectors.api.Prepared;
import io.millrace.connectors.api.RowPlacement;
import io.millrace.engine.changelog.FoldMode;
import io.millrace.memory.batch.Batch;
import io.millrace.memory.batch.BatchBuilder;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.hash.Hashing;
import io.millrace.memory.types.Schema;
import io.millrace.state.table.BatchRecords;
import io.millrace.state.table.StateInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The shards that a checkpoint has of a view, to be dealt to the writers there are now. Blocks; one thread. */
final class RestoredShards {
    private final Schema schema;
    private final CheckpointFiles files;
    private final Allocator allocator;
    private final RowPlacement placement;
    private final boolean weighted;

    /** Null when columns are what they were. */
    private final ColumnConversion conversion;

    private final Map<Integer, ShardImage> images = new TreeMap<>();

    RestoredShards(
            Schema schema,
            CheckpointFiles files,
            Allocator allocator,
            RowPlacement placement,
            FoldMode mode,
            ColumnChange change,
            List<Prepared> prepared) {
        this.schema = schema;
        this.files = files;
        this.allocator = allocator;
        this.placement = placement;
        this.weighted = mode != FoldMode.APPEND;
        this.conversion = change == null ? null : new ColumnConversion(schema, change);
        for (Prepared of : prepared) {
            // What was sealed later holds all that was sealed before.
            ShardImage image = ShardImage.of(of.bytes());
            images.put(image.owner().writer(), image);
        }
    }

    boolean isEmpty() {
        return images.isEmpty();
    }

    /** Whether nothing will be written to it any more. */
    boolean hasEnded() {
        return !images.isEmpty() && images.values().stream().allMatch(ShardImage::ended);
    }

    long epoch() {
        return images.values().stream().mapToLong(ShardImage::epoch).max().orElse(0);
    }

    /** The least of the shards. */
    long frontierMicros() {
        return images.values().stream().mapToLong(ShardImage::frontierMicros).min().orElse(Long.MIN_VALUE);
    }

    /** Writes a writer's rows to its shard, each once with its count. */
    void fill(ViewShard shard, ShardImage.Owner owner) {
        for (ShardImage image : images.values()) {
            boolean whole = conversion == null && image.owner().equals(owner);
            if (whole || conversion != null || image.owner().writers() != owner.writers()) {
                fill(shard, image, whole ? null : owner);
            }
        }
    }

    /** A file at a time, so that no more than one is in memory besides what is restored. */
    private void fill(ViewShard shard, ShardImage image, ShardImage.Owner owner) {
        Map<String, List<ShardImage.Stored>> byFile = new LinkedHashMap<>();
        for (ShardImage.Stored segment : image.segments()) {
            byFile.computeIfAbsent(segment.file(), first -> new ArrayList<>()).add(segment);
        }
        byFile.forEach((name, segments) -> {
            byte[] file = files.read(name);
            try (Released bytes = new Released(allocator.allocate(MemoryTag.VIEW, Math.max(1, file.length)))) {
                long address = bytes.buffer().address();
                Mem.copyIn(file, 0, address, file.length);
                for (ShardImage.Stored segment : segments) {
                    StateInput input =
                            new StateInput().wrap(address + segment.offset(), file.length - segment.offset());
                    try (Batch batch = read(input)) {
                        shard.write(rows(batch, segment.live(), owner));
                    }
                }
            }
        });
    }

    private Batch read(StateInput input) {
        if (conversion == null) {
            return BatchRecords.read(allocator, schema, input);
        }
        try (Batch batch = BatchRecords.read(allocator, conversion.before(), input)) {
            return conversion.convert(allocator, batch);
        }
    }

    private record Released(Buffer buffer) implements AutoCloseable {
        @Override
        public void close() {
            buffer.release();
        }
    }

    /** Those that count and are the owner's, with their counts; {@code null} for all that count. */
    private Batch rows(Batch batch, long[] live, ShardImage.Owner owner) {
        List<Integer> kept = new ArrayList<>();
        int[] owners = owner == null ? null : owners(batch, owner.writers());
        for (int row = 0; row < batch.rowCount(); row++) {
            boolean counts = (live[row >>> 6] >>> row & 1) != 0;
            if (counts && (owners == null || owners[row] == owner.writer())) {
                kept.add(row);
            }
        }
        try (BatchBuilder builder =
                new BatchBuilder(allocator, MemoryTag.VIEW, schema, Math.max(1, kept.size()), weighted)) {
            for (int row : kept) {
                for (int i = 0; i < schema.size(); i++) {
                    builder.column(i).append(batch.column(i), row);
                }
                if (weighted) {
                    builder.weights().appendLong(batch.weight(row));
                }
            }
            return builder.build();
        }
    }

    private int[] owners(Batch batch, int writers) {
        int[] owners = new int[batch.rowCount()];
        if (placement == null || placement.columns().isEmpty()) {
            return owners;
        }
        Buffer hashes = allocator.allocate(MemoryTag.VIEW, 8L * Math.max(1, owners.length));
        try {
            for (int i = 0; i < placement.columns().size(); i++) {
                Hashing.hashColumn(
                        batch.column(placement.columns().get(i)),
                        0,
                        owners.length,
                        hashes.address(),
                        i == 0,
                        allocator);
            }
            for (int row = 0; row < owners.length; row++) {
                int group = Hashing.keyGroup(Mem.getLong(hashes.address() + 8L * row), placement.keyGroups());
                owners[row] = Hashing.ownerOf(group, placement.keyGroups(), writers);
            }
            return owners;
        } finally {
            hashes.release();
        }
    }
}
