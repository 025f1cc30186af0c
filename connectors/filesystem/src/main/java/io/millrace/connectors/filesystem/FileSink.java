package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import java.time.ZoneId;

/** A directory to which files are added. */
final class FileSink implements Sink {
    private final String directory;
    private final FileFormat format;
    private final FileLayout layout;
    private final ZoneId zone;

    FileSink(String directory, FileFormat format, FileLayout layout, ZoneId zone) {
        this.layout = layout;
        this.directory = directory;
        this.format = format;
        this.zone = zone;
    }

    @Override
    public ChangelogKind accepts() {
        return ChangelogKind.APPEND;
    }

    @Override
    public String describe() {
        String partitions = layout.partitionKeys().isEmpty() ? "" : " by " + String.join(", ", layout.partitionKeys());
        return format.name() + " files in " + directory + partitions;
    }

    @Override
    public SinkRun start(SinkRequest request) {
        return new FileSinkRun(directory, format, layout, zone, request);
    }
}
