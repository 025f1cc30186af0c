package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import io.millrace.storage.Storage;
import java.time.ZoneId;

/** A directory to which files are added. */
final class FileSink implements Sink {
    private final String directory;
    private final FileFormat format;
    private final ZoneId zone;

    FileSink(String directory, FileFormat format, ZoneId zone) {
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
        return format.name() + " files in " + directory;
    }

    @Override
    public SinkRun start(SinkRequest request) {
        return new FileSinkRun(Storage.at(directory), directory, format, zone, request);
    }
}
