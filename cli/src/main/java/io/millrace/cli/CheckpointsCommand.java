package io.millrace.cli;

import io.millrace.cli.output.CheckpointText;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.checkpoint.CheckpointStore;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.LogEntry;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks at checkpoints while no job, or any, runs. Changes nothing. */
@Command(
        name = "checkpoints",
        description = "Lists, shows or verifies the checkpoints of a job, or a savepoint.",
        versionProvider = Version.class)
final class CheckpointsCommand implements CliCommand {
    /** What is to be done. */
    enum Action {
        LS,
        SHOW,
        VERIFY
    }

    /** What {@code --output} takes. */
    enum Format {
        TABLE,
        JSON
    }

    private static final int DAMAGED = 1;

    @Parameters(
            index = "0",
            paramLabel = "ls|show|verify",
            description = "List all, show what one holds, or check each byte of their files.")
    private Action action;

    @Parameters(
            index = "1",
            paramLabel = "PATH",
            description = "A state directory, a directory or URI of checkpoints, a savepoint, or one file of a log/.")
    private String path;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table or json; table by default.")
    private Format output;

    @SuppressWarnings("UnusedVariable") // picocli fills it
    @Mixin
    private GlobalOptions globals;

    @Override
    public int run(Streams streams) {
        PrintStream out = new PrintStream(streams.out(), false, StandardCharsets.UTF_8);
        boolean json = output == Format.JSON;
        int exitCode =
                switch (action) {
                    case LS -> {
                        List<LogEntry> entries = CheckpointStore.at(path).entries();
                        out.print(json ? CheckpointText.json(entries) : CheckpointText.table(entries));
                        yield 0;
                    }
                    case SHOW -> {
                        FoundCheckpoint found = FoundCheckpoint.at(path);
                        out.print(json ? CheckpointText.json(found) : CheckpointText.text(found));
                        yield 0;
                    }
                    case VERIFY -> verify(out, streams.err(), json);
                };
        out.flush();
        return exitCode;
    }

    /** One damage a line on the output; what was looked at beside it. */
    private int verify(PrintStream out, PrintStream err, boolean json) {
        List<LogEntry> entries = entries();
        Set<String> verified = new HashSet<>();
        Set<String> damages = new HashSet<>();
        long[] bytes = {0};
        for (LogEntry entry : entries) {
            if (entry.manifest() == null) {
                report(entry.damage().getMessage(), damages, out, json);
                continue;
            }
            entry.found()
                    .verify(
                            file -> {
                                boolean first = verified.add(file.name());
                                bytes[0] += first ? file.lengthBytes() : 0;
                                return first;
                            },
                            damage -> report(damage, damages, out, json));
        }
        err.println(
                (entries.size() == 1 ? "1 checkpoint, " : entries.size() + " checkpoints, ")
                        + (verified.size() == 1 ? "1 file, " : verified.size() + " files, ")
                        + bytes[0]
                        + " bytes: "
                        + (damages.isEmpty() ? "whole" : damages.size() + " damaged"));
        return damages.isEmpty() ? 0 : DAMAGED;
    }

    private static void report(String damage, Set<String> damages, PrintStream out, boolean json) {
        if (damages.add(damage)) {
            out.print(json ? CheckpointText.jsonOfDamage(damage) : damage + "\n");
        }
    }

    private List<LogEntry> entries() {
        LogEntry one = LogEntry.at(path);
        List<LogEntry> entries = one == null ? CheckpointStore.at(path).entries() : List.of(one);
        if (entries.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.FILE_NOT_FOUND, path + ": a job began here, but has no checkpoint yet");
        }
        return entries;
    }
}
