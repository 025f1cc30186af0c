package io.millrace.connectors.filesystem;

import io.millrace.connectors.api.SinkCheckpoints;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the files of one sink. All hidden ones lie in the table's directory itself.
 *
 * <pre>
 *   without checkpoints   .part-RUN-WRITER-NUMBER.FORMAT.inprogress              part-RUN-WRITER-NUMBER.FORMAT
 *   with checkpoints      .part-SINK-INCARNATION-WRITER-NUMBER.FORMAT.inprogress
 *                         part-SINK-INCARNATION-CHECKPOINT-WRITER-NUMBER.FORMAT
 *                         .part-SINK-INCARNATION.owner                           who writes: the greatest incarnation
 * </pre>
 *
 * SINK is ten hexadecimal digits of a hash of job and sink. A checkpoint is known when it is committed, so it is in no
 * hidden name.
 *
 * @param sink null without checkpoints
 * @param generation the run or the incarnation
 */
record FileNames(String sink, long generation, String format) {
    static final String IN_PROGRESS = ".inprogress";
    private static final String OWNER = ".owner";
    private static final int SINK_DIGITS = 10;

    private static final Pattern RUN = Pattern.compile("\\.?part-(\\d+)-\\d+-\\d+\\..*");

    static FileNames ofRun(long run, String format) {
        return new FileNames(null, run, format);
    }

    static FileNames of(SinkCheckpoints checkpoints, String sinkName, String format) {
        UUID hash = UUID.nameUUIDFromBytes((checkpoints.job() + "/" + sinkName).getBytes(StandardCharsets.UTF_8));
        String digits = HexFormat.of().toHexDigits(hash.getMostSignificantBits(), SINK_DIGITS);
        return new FileNames("s" + digits, checkpoints.incarnation(), format);
    }

    /** The number of the run that wrote a file without checkpoints; -1 for any other file. */
    static long runOf(String name) {
        Matcher matcher = RUN.matcher(name);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    String hidden(int writer, int number) {
        String run = sink == null ? String.format(Locale.ROOT, "%05d", generation) : sink + "-" + generation;
        return ".part-" + run + "-" + writer + "-" + number + "." + format + IN_PROGRESS;
    }

    /** The name that a hidden file gets. */
    String published(String hidden, long checkpoint) {
        String name = hidden.substring(1, hidden.length() - IN_PROGRESS.length());
        if (sink == null) {
            return name;
        }
        int place = name.indexOf('-', ("part-" + sink + "-").length());
        return name.substring(0, place) + "-" + checkpoint + name.substring(place);
    }

    /** The incarnation of a hidden file of this sink that was not published; -1 for any other file. */
    long incarnationOf(String name) {
        return name.endsWith(IN_PROGRESS) ? number(name, ".part-" + sink + "-", 0) : -1;
    }

    /** The checkpoint of a published file of this sink; -1 for any other file. */
    long checkpointOf(String name) {
        return number(name, "part-" + sink + "-", 1);
    }

    String owner() {
        return ".part-" + sink + "-" + generation + OWNER;
    }

    /** The incarnation that an owner's mark of this sink names; -1 for any other file. */
    long ownerOf(String name) {
        return name.endsWith(OWNER) ? number(name.replace(OWNER, "-"), ".part-" + sink + "-", 0) : -1;
    }

    /** The n-th number behind a prefix; -1 when the name is another. */
    private static long number(String name, String prefix, int index) {
        if (!name.startsWith(prefix)) {
            return -1;
        }
        String[] parts = name.substring(prefix.length()).split("-", -1);
        boolean numeric = parts.length > index + 1 && parts[index].matches("\\d{1,19}");
        return numeric ? Long.parseLong(parts[index]) : -1;
    }
}
