package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ScanPredicate;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.formats.parquet.footer.ParquetFooter;
import io.millrace.formats.parquet.footer.RowGroup;
import io.millrace.formats.parquet.reader.ParquetProjection;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A table over pinned Parquet files. */
final class ParquetTable implements Source {
    private final Storage storage;
    private final List<PinnedFile> files;
    private final Schema schema;
    private final PartitionColumns partitions;

    /** Name of the event-time column, null when there is none; may be none of the file's. */
    private final String eventTimeColumn;

    private final String path;

    /** A file as it was when its footer was read. */
    record PinnedFile(StoredFile file, ParquetFooter footer) {}

    private ParquetTable(Storage storage, List<PinnedFile> files, Schema schema, TableDescriptor table) {
        this.partitions = PartitionColumns.of(table, schema);
        this.eventTimeColumn = table.eventTimeColumn();
        this.path = table.option("path", "");
        this.storage = storage;
        this.files = files;
        this.schema = schema;
    }

    /**
     * Reads all footers, and checks that each file has the table's columns in types that can be read as the table's.
     */
    static ParquetTable open(Storage storage, List<StoredFile> listed, TableDescriptor table) {
        List<PinnedFile> files = new ArrayList<>();
        for (StoredFile file : listed) {
            files.add(new PinnedFile(file, FooterLoader.load(storage, file)));
        }
        Schema schema = table.columns().isEmpty() ? infer(files) : table.schema();
        ParquetTable opened = new ParquetTable(storage, List.copyOf(files), schema, table);
        for (PinnedFile file : files) {
            ParquetProjection.of(file.footer, opened.partitions.fileSchema());
            opened.partitions.values(file.file);
        }
        return opened;
    }

    /** The first file's columns; nullable where they are in any file that has them. */
    private static Schema infer(List<PinnedFile> files) {
        List<Field> fields = new ArrayList<>();
        for (Field field : files.getFirst().footer.schema().fields()) {
            boolean nullable = false;
            for (PinnedFile file : files) {
                Schema own = file.footer.schema();
                int index = own.indexOf(field.name());
                nullable |= index >= 0 && own.type(index).nullable();
            }
            fields.add(new Field(field.name(), field.type().withNullable(nullable)));
        }
        return new Schema(fields);
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean isBounded() {
        return true;
    }

    @Override
    public OptionalLong estimatedRows() {
        return OptionalLong.of(rowCount());
    }

    private long rowCount() {
        return files.stream().mapToLong(f -> f.footer.rowCount()).sum();
    }

    @Override
    public String describe() {
        long groups = files.stream().mapToLong(f -> f.footer.rowGroups().size()).sum();
        long bytes = files.stream().mapToLong(f -> f.file.lengthBytes()).sum();
        String text =
                "parquet files=" + files.size() + " rowGroups=" + groups + " rows=" + rowCount() + " bytes=" + bytes;
        int time = eventTimeColumn == null ? -1 : schema.indexOf(eventTimeColumn);
        if (time < 0) {
            return text;
        }
        List<Part> parts = parts(files, new int[] {time}, List.of());
        TimeOrder.Overlap overlap = TimeOrder.greatestOverlap(parts, 0);
        return overlap == null
                ? text + " greatestOverlap=unknown"
                : text + " greatestOverlap=" + overlap.parts() + " openRows<=" + overlap.rows();
    }

    @Override
    public String place() {
        return path;
    }

    @Override
    public String replayNote() {
        return "of the files that are there now";
    }

    @Override
    public SourceRun start(ScanRequest request) {
        Schema projected = schema.project(request.projection());
        FileProgress restored = FileProgress.of(request.restored());
        restored.checkFiles(storage);
        List<PinnedFile> pinned = restored.isNone() ? files : pinned(restored.files());
        List<StoredFile> stored = pinned.stream().map(PinnedFile::file).toList();
        return new FileRun(
                storage,
                stored,
                parts(pinned, request.projection(), request.predicates()),
                projected,
                request,
                restored);
    }

    /** The files that an earlier execution pinned; those that have come since are not among them. */
    private List<PinnedFile> pinned(List<StoredFile> stored) {
        Map<StoredFile, PinnedFile> known = new HashMap<>();
        files.forEach(file -> known.put(file.file, file));
        return stored.stream()
                .map(file ->
                        known.computeIfAbsent(
                                file, absent -> new PinnedFile(absent, FooterLoader.load(storage, absent))))
                .toList();
    }

    /** The row groups in the order of the files, without those of which a predicate says that no row matters. */
    private List<Part> parts(List<PinnedFile> pinned, int[] projected, List<ScanPredicate> predicates) {
        List<Part> parts = new ArrayList<>();
        Schema inFiles = partitions.inFiles(projected);
        int first = 0;
        for (PinnedFile file : pinned) {
            ParquetProjection projection = ParquetProjection.of(file.footer, inFiles);
            ParquetProjection all =
                    predicates.isEmpty() ? null : ParquetProjection.of(file.footer, partitions.fileSchema());
            Object[] values = partitions.values(file.file);
            boolean matters = partitions.mayMatter(values, predicates);
            for (RowGroup group : file.footer.rowGroups()) {
                if (matters && group.rowCount() > 0 && mayMatter(all, group, predicates)) {
                    ParquetPart part = new ParquetPart(file.file, projection, group, first + group.ordinal());
                    parts.add(partitions.complete(part, projected, values));
                }
            }
            first += file.footer.rowGroups().size();
        }
        return List.copyOf(parts);
    }

    private boolean mayMatter(ParquetProjection all, RowGroup group, List<ScanPredicate> predicates) {
        for (ScanPredicate predicate : predicates) {
            int column = partitions.inFile(predicate.column());
            if (column >= 0
                    && !Pruning.mayHold(
                            predicate,
                            schema.type(predicate.column()),
                            all.range(group, column),
                            all.nullCount(group, column),
                            group.rowCount())) {
                return false;
            }
        }
        return true;
    }
}
