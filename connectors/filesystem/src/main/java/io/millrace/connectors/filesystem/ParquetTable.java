package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceRun;
import io.millrace.connectors.api.TableDescriptor;
import io.millrace.formats.parquet.ParquetFooter;
import io.millrace.formats.parquet.ParquetProjection;
import io.millrace.memory.types.Field;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A table over pinned Parquet files. */
final class ParquetTable implements Source {
    private final Storage storage;
    private final List<PinnedFile> files;
    private final Schema schema;

    /** A file as it was when its footer was read. */
    record PinnedFile(StoredFile file, ParquetFooter footer) {}

    private ParquetTable(Storage storage, List<PinnedFile> files, Schema schema) {
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
        for (PinnedFile file : files) {
            ParquetProjection.of(file.footer, schema);
        }
        return new ParquetTable(storage, List.copyOf(files), schema);
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
        return "parquet files=" + files.size() + " rowGroups=" + groups + " rows=" + rowCount() + " bytes=" + bytes;
    }

    @Override
    public SourceRun start(ScanRequest request) {
        return new ParquetRun(storage, files, schema, request);
    }
}
