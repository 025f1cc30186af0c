package io.millrace.cli.output;

import io.millrace.engine.text.TextBuffer;
import io.millrace.state.TaskState;
import io.millrace.state.checkpoint.CheckpointFile;
import io.millrace.state.checkpoint.FoundCheckpoint;
import io.millrace.state.checkpoint.LogEntry;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.PreparedEntry;
import io.millrace.state.checkpoint.StateEntry;
import io.millrace.state.checkpoint.TaskEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Checkpoints as people and scripts read them; JSON is one object a line. */
public final class CheckpointText {
    private static final List<String> COLUMNS =
            List.of("checkpoint", "created", "job", "incarnation", "files", "bytes", "state", "location");

    private CheckpointText() {}

    private static String created(Manifest manifest) {
        return Instant.ofEpochMilli(manifest.createdMillis()).toString();
    }

    private static long bytes(Stream<CheckpointFile> files) {
        return files.distinct().mapToLong(CheckpointFile::lengthBytes).sum();
    }

    private static String state(LogEntry entry) {
        return !entry.isUsable() ? "damaged" : entry.manifest().finished() ? "finished" : "whole";
    }

    /** A line a checkpoint, and below what is wrong with any. */
    public static String table(List<LogEntry> entries) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        for (LogEntry entry : entries) {
            Manifest manifest = entry.manifest();
            String unknown = "?";
            rows.add(
                    List.of(
                            Long.toString(entry.slot()),
                            manifest == null ? unknown : created(manifest),
                            manifest == null ? unknown : manifest.job(),
                            manifest == null ? unknown : Long.toString(manifest.incarnation()),
                            manifest == null ? unknown : Long.toString(manifest.files().distinct().count()),
                            manifest == null ? unknown : Long.toString(bytes(manifest.files())),
                            state(entry),
                            entry.location()));
        }
        StringBuilder text = new StringBuilder();
        int[] widths = new int[COLUMNS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        for (LogEntry entry : entries) {
            if (!entry.isUsable()) {
                text.append("checkpoint ").append(entry.slot()).append(": ");
                text.append(entry.damage().getMessage()).append('\n');
            }
        }
        return text.toString();
    }

    /** The same as {@link #table}. */
    public static String json(List<LogEntry> entries) {
        TextBuffer out = new TextBuffer(1024);
        for (LogEntry entry : entries) {
            out.put("{\"checkpoint\":").putLong(entry.slot());
            if (entry.manifest() != null) {
                head(out, entry.manifest());
            }
            out.put(",\"state\":").putJsonString(state(entry));
            out.put(",\"location\":").putJsonString(entry.location());
            out.put(",\"damage\":");
            if (entry.isUsable()) {
                out.put("null");
            } else {
                out.putJsonString(entry.damage().getMessage());
            }
            out.put("}\n");
        }
        return out.toString();
    }

    private static void head(TextBuffer out, Manifest manifest) {
        out.put(",\"created\":").putJsonString(created(manifest));
        out.put(",\"job\":").putJsonString(manifest.job());
        out.put(",\"incarnation\":").putLong(manifest.incarnation());
        out.put(",\"files\":").putLong(manifest.files().distinct().count());
        out.put(",\"bytes\":").putLong(bytes(manifest.files()));
    }

    /** What one checkpoint holds. */
    public static String text(FoundCheckpoint found) {
        Manifest manifest = found.manifest();
        StringBuilder text = new StringBuilder();
        line(text, "checkpoint", manifest.checkpoint() + (manifest.finished() ? " (finished)" : ""));
        line(text, "location", found.location());
        line(text, "job", manifest.job());
        line(text, "created", created(manifest));
        line(text, "incarnation", Long.toString(manifest.incarnation()));
        line(text, "written by", manifest.engineVersion());
        line(text, "key groups", Integer.toString(manifest.keyGroups()));
        line(text, "files", manifest.files().distinct().count() + ", " + bytes(manifest.files()) + " bytes");
        for (OperatorEntry operator : manifest.operators()) {
            text.append("operator ").append(operator.id()).append(' ').append(operator.name()).append('\n');
            for (TaskEntry task : operator.tasks()) {
                text.append("  task ").append(task.index()).append(task.ended() ? " (ended)" : "").append('\n');
                for (StateEntry state : task.states()) {
                    text.append("    ").append(state.kind().name().toLowerCase(Locale.ROOT)).append(' ');
                    text.append(state.name()).append(": ");
                    text.append(state.rows() < 0 ? "" : state.rows() + " rows, ");
                    int runs = TaskState.runsOf(state);
                    text.append(runs == 0 ? "" : runs == 1 ? "1 run, " : runs + " runs, ");
                    text.append(state.inline().length).append(" bytes inline, ");
                    text.append(state.files().size()).append(" files, ");
                    text.append(bytes(state.files().stream())).append(" bytes\n");
                }
                for (PreparedEntry prepared : task.prepared()) {
                    text.append("    sealed output: ").append(prepared.bytes().length).append(" bytes inline, ");
                    text.append(prepared.files().size()).append(" files, ");
                    text.append(bytes(prepared.files().stream())).append(" bytes\n");
                }
            }
        }
        text.append("script\n").append(manifest.script().stripTrailing().indent(2));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).repeat(' ', 14 - name.length()).append(value).append('\n');
    }

    /** The same as {@link #text}. */
    public static String json(FoundCheckpoint found) {
        Manifest manifest = found.manifest();
        TextBuffer out = new TextBuffer(4096);
        out.put("{\"checkpoint\":").putLong(manifest.checkpoint());
        head(out, manifest);
        out.put(",\"finished\":").put(manifest.finished() ? "true" : "false");
        out.put(",\"engine_version\":").putJsonString(manifest.engineVersion());
        out.put(",\"key_groups\":").putLong(manifest.keyGroups());
        out.put(",\"location\":").putJsonString(found.location());
        out.put(",\"operators\":[");
        String separator = "";
        for (OperatorEntry operator : manifest.operators()) {
            out.put(separator).put("{\"id\":").putJsonString(operator.id());
            out.put(",\"name\":").putJsonString(operator.name());
            out.put(",\"fingerprint\":").putJsonString(operator.fingerprint());
            out.put(",\"tasks\":[");
            String comma = "";
            for (TaskEntry task : operator.tasks()) {
                out.put(comma);
                task(out, task);
                comma = ",";
            }
            out.put("]}");
            separator = ",";
        }
        out.put("],\"script\":").putJsonString(manifest.script());
        return out.put("}\n").toString();
    }

    private static void task(TextBuffer out, TaskEntry task) {
        out.put("{\"index\":").putLong(task.index()).put(",\"ended\":").put(task.ended() ? "true" : "false");
        out.put(",\"states\":[");
        String separator = "";
        for (StateEntry state : task.states()) {
            out.put(separator).put("{\"name\":").putJsonString(state.name());
            out.put(",\"kind\":").putJsonString(state.kind().name());
            out.put(",\"layout\":").putJsonString(state.layout());
            out.put(",\"rows\":").putLong(state.rows());
            out.put(",\"runs\":").putLong(TaskState.runsOf(state));
            out.put(",\"inline_bytes\":").putLong(state.inline().length);
            files(out, state.files());
            separator = ",";
        }
        out.put("],\"prepared\":[");
        separator = "";
        for (PreparedEntry prepared : task.prepared()) {
            out.put(separator).put("{\"inline_bytes\":").putLong(prepared.bytes().length);
            files(out, prepared.files());
            separator = ",";
        }
        out.put("]}");
    }

    private static void files(TextBuffer out, List<CheckpointFile> files) {
        out.put(",\"files\":[");
        String separator = "";
        for (CheckpointFile file : files) {
            out.put(separator).putJsonString(file.name());
            separator = ",";
        }
        out.put("]}");
    }

    /** A damage that was found. */
    public static String jsonOfDamage(String damage) {
        return new TextBuffer(256).put("{\"damage\":").putJsonString(damage).put("}\n").toString();
    }
}
