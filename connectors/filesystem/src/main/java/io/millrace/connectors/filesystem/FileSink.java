package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.ChangelogKind;
import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.SinkRequest;
import io.millrace.connectors.api.SinkRun;
import java.time.ZoneId;
import java.util.function.Consumer;

/** A directory to which files are added. Of a job without end that takes no checkpoints it warns that none is seen. */
final class FileSink implements Sink {
    private final String table;
    private final String directory;
    private final FileFormat format;
    private final FileLayout layout;
    private final ZoneId zone;
    private final Consumer<String> warnings;

    FileSink(
            String table,
            String directory,
            FileFormat format,
            FileLayout layout,
            ZoneId zone,
            Consumer<String> warnings) {
        this.table = table;
        this.warnings = warnings;
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
        if (request.checkpoints() == null && !request.bounded()) {
            warnings.accept(
                    "table "
                            + table
                            + ": its files are seen only when the job ends by itself, and dropped when it is stopped;"
                            + " with --state each is seen when its checkpoint is complete");
        }
        return new FileSinkRun(directory, format, layout, zone, request);
    }
}
