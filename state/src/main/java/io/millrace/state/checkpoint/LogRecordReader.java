package io.millrace.state.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * Reads a record of the log as the package says, and nothing else: fields have one order, none is left out and none
 * added. One record, one thread.
 */
final class LogRecordReader {
    private static final int FIRST_VERSION = 1;

    /** From which on a state's meaning is told part by part, and the plan. */
    private static final int WITH_PARTS = 2;

    private static final int TRAILER_BYTES = "crc32c 00000000 of 000000000 bytes\n".length();
    private static final Pattern TRAILER = Pattern.compile("crc32c ([0-9a-f]{8}) of ([0-9]{9}) bytes\n");
    private static final Pattern FIRST_LINE =
            Pattern.compile(Pattern.quote(LogRecordWriter.HEADER) + "([0-9]{1,9})\n.*", Pattern.DOTALL);
    private static final int FIRST_LINE_BYTES = 40;

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(16)
                                    .maxNameLength(64)
                                    .maxNumberLength(20)
                                    .maxStringLength(LogRecordWriter.MAX_BYTES)
                                    .maxDocumentLength(LogRecordWriter.MAX_BYTES)
                                    .build())
                    .build();

    private final JsonParser json;
    private final String location;
    private final int version;

    private LogRecordReader(JsonParser json, int version, String location) {
        this.json = json;
        this.version = version;
        this.location = location;
    }

    /**
     * Reads a record.
     *
     * @param location where the bytes lie, for messages
     * @throws MillraceException CORRUPT_DATA when it is torn or altered, UNSUPPORTED when a later version wrote it
     */
    static LogRecord read(byte[] bytes, String location) {
        int bodyBytes = checkedBody(bytes, location);
        Matcher first =
                FIRST_LINE.matcher(
                        new String(bytes, 0, Math.min(bodyBytes, FIRST_LINE_BYTES), StandardCharsets.ISO_8859_1));
        if (!first.matches()) {
            throw corrupt(location, "expected '" + LogRecordWriter.HEADER + "' and a version at its start");
        }
        int version = Integer.parseInt(first.group(1));
        if (version < FIRST_VERSION || version > LogRecordWriter.FORMAT_VERSION) {
            throw new MillraceException(
                            ErrorCode.UNSUPPORTED,
                            location
                                    + ": expected format version "
                                    + LogRecordWriter.FORMAT_VERSION
                                    + " or less, found "
                                    + version)
                    .withHelp("Read it with the version of Millrace that wrote it, or a later one.");
        }
        int from = first.end(1) + 1;
        try (JsonParser json = JSON.createParser(bytes, from, bodyBytes - from)) {
            return new LogRecordReader(json, version, location).record();
        } catch (IOException | IllegalArgumentException malformed) {
            String text = malformed.getMessage();
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA,
                    location + ": " + (text == null ? malformed.toString() : text.lines().findFirst().orElse("")),
                    malformed);
        }
    }

    /** Compares length and checksum with the last line; the length of all before it. */
    private static int checkedBody(byte[] bytes, String location) {
        int bodyBytes = bytes.length - TRAILER_BYTES;
        if (bodyBytes <= 0) {
            throw corrupt(location, "expected more than " + TRAILER_BYTES + " bytes, found " + bytes.length);
        }
        Matcher trailer = TRAILER.matcher(new String(bytes, bodyBytes, TRAILER_BYTES, StandardCharsets.ISO_8859_1));
        if (!trailer.matches()) {
            throw corrupt(location, "the last line, with its checksum, is missing or damaged");
        }
        if (Integer.parseInt(trailer.group(2)) != bodyBytes) {
            throw corrupt(location, "expected " + trailer.group(2) + " bytes, found " + bodyBytes);
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bodyBytes);
        int expected = Integer.parseUnsignedInt(trailer.group(1), 16);
        if ((int) crc.getValue() != expected) {
            throw corrupt(
                    location,
                    "expected crc32c=" + trailer.group(1) + ", found " + Integer.toHexString((int) crc.getValue()));
        }
        return bodyBytes;
    }

    private static MillraceException corrupt(String location, String what) {
        return new MillraceException(ErrorCode.CORRUPT_DATA, location + ": " + what);
    }

    private LogRecord record() throws IOException {
        token(JsonToken.START_OBJECT, json.nextToken());
        String kind = text("kind");
        long slot = number("slot");
        LogRecord record =
                switch (kind) {
                    case "start" -> new LogRecord.Start(slot, text("owner"), number("created_millis"));
                    case "skip" -> new LogRecord.Skip(slot, number("next"), text("owner"), number("created_millis"));
                    case "checkpoint" -> new LogRecord.Checkpoint(manifest(slot));
                    default -> throw corrupt(location, "expected a start, skip or checkpoint, found '" + kind + "'");
                };
        token(JsonToken.END_OBJECT, json.nextToken());
        if (json.nextToken() != null) {
            throw corrupt(location, "expected its end after the record, found " + json.currentToken());
        }
        if (slot <= 0 || record.next() <= slot) {
            throw corrupt(location, "expected a next slot after slot " + slot + ", found " + record.next());
        }
        return record;
    }

    private Manifest manifest(long slot) throws IOException {
        String job = text("job");
        long incarnation = number("incarnation");
        long createdMillis = number("created_millis");
        String engineVersion = text("engine_version");
        int keyGroups = count("key_groups");
        boolean finished = flag("finished");
        String script = text("script");
        String plan = version < WITH_PARTS ? "" : text("plan");
        List<OperatorEntry> operators = new ArrayList<>();
        array("operators");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            operators.add(operator());
        }
        return new Manifest(
                job, slot, incarnation, createdMillis, engineVersion, keyGroups, script, plan, finished, operators);
    }

    private OperatorEntry operator() throws IOException {
        token(JsonToken.START_OBJECT, json.currentToken());
        String id = text("id");
        String name = text("name");
        StateMeaning meaning = meaning();
        List<TaskEntry> tasks = new ArrayList<>();
        array("tasks");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            tasks.add(task());
        }
        token(JsonToken.END_OBJECT, json.nextToken());
        return new OperatorEntry(id, name, meaning, tasks);
    }

    private StateMeaning meaning() throws IOException {
        String words = text("fingerprint");
        if (version < WITH_PARTS) {
            return StateMeaning.of(words);
        }
        String family = text("family");
        List<StateMeaning.Part> keys = parts("keys");
        List<StateMeaning.Part> values = parts("values");
        return new StateMeaning(words, family, keys, values, text("how"), text("place"));
    }

    private List<StateMeaning.Part> parts(String field) throws IOException {
        List<StateMeaning.Part> parts = new ArrayList<>();
        array(field);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            token(JsonToken.START_OBJECT, json.currentToken());
            String what = text("what");
            List<String> types = new ArrayList<>();
            array("types");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                token(JsonToken.VALUE_STRING, json.currentToken());
                types.add(json.getText());
            }
            token(JsonToken.END_OBJECT, json.nextToken());
            parts.add(new StateMeaning.Part(what, types));
        }
        return parts;
    }

    private TaskEntry task() throws IOException {
        token(JsonToken.START_OBJECT, json.currentToken());
        int index = count("index");
        boolean ended = flag("ended");
        List<StateEntry> states = new ArrayList<>();
        array("states");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            states.add(state());
        }
        List<PreparedEntry> prepared = new ArrayList<>();
        array("prepared");
        while (json.nextToken() != JsonToken.END_ARRAY) {
            prepared.add(prepared());
        }
        token(JsonToken.END_OBJECT, json.nextToken());
        return new TaskEntry(index, ended, states, prepared);
    }

    private PreparedEntry prepared() throws IOException {
        token(JsonToken.START_OBJECT, json.currentToken());
        byte[] bytes = binary("bytes");
        List<CheckpointFile> files = files("files");
        token(JsonToken.END_OBJECT, json.nextToken());
        return new PreparedEntry(bytes, files);
    }

    private StateEntry state() throws IOException {
        token(JsonToken.START_OBJECT, json.currentToken());
        String name = text("name");
        String kind = text("kind");
        String layout = text("layout");
        long rows = number("rows");
        byte[] inline = binary("inline");
        List<CheckpointFile> files = files("files");
        token(JsonToken.END_OBJECT, json.nextToken());
        return new StateEntry(name, StateEntry.Kind.valueOf(kind), layout, inline, files, rows);
    }

    private List<CheckpointFile> files(String field) throws IOException {
        List<CheckpointFile> files = new ArrayList<>();
        array(field);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            token(JsonToken.VALUE_STRING, json.currentToken());
            files.add(CheckpointFile.ofName(json.getText()));
        }
        return files;
    }

    private void array(String field) throws IOException {
        value(field, JsonToken.START_ARRAY);
    }

    private String text(String field) throws IOException {
        value(field, JsonToken.VALUE_STRING);
        return json.getText();
    }

    private byte[] binary(String field) throws IOException {
        value(field, JsonToken.VALUE_STRING);
        return json.getBinaryValue();
    }

    private long number(String field) throws IOException {
        value(field, JsonToken.VALUE_NUMBER_INT);
        return json.getLongValue();
    }

    private int count(String field) throws IOException {
        value(field, JsonToken.VALUE_NUMBER_INT);
        return json.getIntValue();
    }

    private boolean flag(String field) throws IOException {
        name(field);
        JsonToken found = json.nextToken();
        if (found != JsonToken.VALUE_TRUE && found != JsonToken.VALUE_FALSE) {
            throw corrupt(location, "expected true or false as '" + field + "', found " + found);
        }
        return found == JsonToken.VALUE_TRUE;
    }

    private void value(String field, JsonToken expected) throws IOException {
        name(field);
        token(expected, json.nextToken());
    }

    private void name(String field) throws IOException {
        token(JsonToken.FIELD_NAME, json.nextToken());
        if (!json.currentName().equals(field)) {
            throw corrupt(location, "expected the field '" + field + "', found '" + json.currentName() + "'");
        }
    }

    private void token(JsonToken expected, JsonToken found) {
        if (found != expected) {
            throw corrupt(
                    location,
                    "expected "
                            + expected
                            + " at "
                            + json.currentLocation().getLineNr()
                            + ":"
                            + json.currentLocation().getColumnNr()
                            + ", found "
                            + found);
        }
    }
}
