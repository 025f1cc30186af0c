package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.Prepared;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What one writer ended for a checkpoint. As bytes, UTF-8 lines:
 *
 * <pre>
 *   1 WRITER WATERMARK         version, writer's number, event time in microseconds that none of its rows will precede
 *   HIDDEN-NAME TAB PARTITION  per file: its name in the table's directory, and the directory below that it goes to
 * </pre>
 *
 * @param watermarkMicros {@link Long#MAX_VALUE} at the end of the input
 */
record SealedFiles(int writer, long watermarkMicros, List<Ended> files) {
    /**
     * A file that was ended.
     *
     * @param partition empty for the table's own directory
     */
    record Ended(String hiddenName, String partition) {}

    Prepared toPrepared() {
        StringBuilder text = new StringBuilder("1 ").append(writer).append(' ').append(watermarkMicros);
        for (Ended file : files) {
            text.append('\n').append(file.hiddenName).append('\t').append(file.partition);
        }
        return Prepared.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    static SealedFiles of(Prepared prepared) {
        String text = new String(prepared.bytes(), StandardCharsets.UTF_8);
        String[] lines = text.split("\n", -1);
        String[] head = lines[0].split(" ", -1);
        if (head.length != 3 || !head[0].equals("1")) {
            throw new MillraceException(
                            ErrorCode.UNSUPPORTED, "expected sealed files of version 1, found '" + lines[0] + "'")
                    .withHelp("The checkpoint is of another version of Millrace.");
        }
        List<Ended> files = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int tab = lines[i].indexOf('\t');
            if (tab < 0) {
                throw new MillraceException(
                        ErrorCode.CORRUPT_DATA, "expected a sealed file and its partition, found '" + lines[i] + "'");
            }
            files.add(new Ended(lines[i].substring(0, tab), lines[i].substring(tab + 1)));
        }
        return new SealedFiles(Integer.parseInt(head[1]), Long.parseLong(head[2]), files);
    }
}
