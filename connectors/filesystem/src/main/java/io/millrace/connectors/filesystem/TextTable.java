package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.Source;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.types.Schema;
import io.millrace.storage.Storage;
import io.millrace.storage.StoredFile;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** A table over pinned files of records, one a line. Each file is read by one reader. */
final class TextTable implements Source {
    private final Storage storage;
    private final List<StoredFile> files;
    private final FileFormat format;
    private final Schema schema;
    private final PartitionColumns partitions;
    private final ZoneId zone;
    private final String path;

    TextTable(
            Storage storage,
            List<StoredFile> files,
            FileFormat format,
            PartitionColumns partitions,
            ZoneId zone,
            String path) {
        this.storage = storage;
        this.files = List.copyOf(files);
        this.format = format;
        this.partitions = partitions;
        this.schema = partitions.schema();
        files.forEach(partitions::values);
        this.zone = zone;
        this.path = path;
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
    public String describe() {
        long bytes = files.stream().mapToLong(StoredFile::lengthBytes).sum();
        return format.name() + " files=" + files.size() + " bytes=" + bytes;
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
        List<StoredFile> pinned = restored.isNone() ? files : restored.files();
        List<Part> parts = new ArrayList<>();
        Schema inFiles = partitions.inFiles(request.projection());
        for (int i = 0; i < pinned.size(); i++) {
            Object[] values = partitions.values(pinned.get(i));
            if (pinned.get(i).lengthBytes() > 0 && partitions.mayMatter(values, request.predicates())) {
                TextPart part = new TextPart(pinned.get(i), format, inFiles, partitions.fileSchema(), zone, i);
                parts.add(partitions.complete(part, request.projection(), values));
            }
        }
        return new FileRun(storage, pinned, parts, projected, request, restored);
    }
}
