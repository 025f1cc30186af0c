package io.millrace.state.checkpoint;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a checkpoint.
 *
 * @param name by content, relative to the store's directory of files; never the name of two contents
 * @param crc32c of all its bytes
 */
public record CheckpointFile(String name, long lengthBytes, int crc32c) {
    /** INCARNATION-CONTENT-LENGTH, and a number where another content had that name. */
    private static final Pattern NAME =
            Pattern.compile("([0-9]{1,19})-[0-9a-f]{8}([0-9a-f]{8})-([0-9]{1,18})(-[0-9]{1,9})?");

    /** The file of which the store gave this name; CORRUPT_DATA when no store gives such a name. */
    public static CheckpointFile ofName(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw new MillraceException(
                    ErrorCode.CORRUPT_DATA, "expected the name of a file of a checkpoint, found '" + name + "'");
        }
        return new CheckpointFile(
                name, Long.parseLong(matcher.group(3)), Integer.parseUnsignedInt(matcher.group(2), 16));
    }

    /** The incarnation that wrote a file of this name; -1 when no store gives such a name. */
    static long incarnation(String name) {
        Matcher matcher = NAME.matcher(name);
        try {
            return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
        } catch (NumberFormatException tooLarge) {
            return -1;
        }
    }

    /** A name for content; {@code attempt} above zero when the one before is taken by another. */
    static String name(long incarnation, int crc32, int crc32c, long lengthBytes, int attempt) {
        String name = String.format(Locale.ROOT, "%d-%08x%08x-%d", incarnation, crc32, crc32c, lengthBytes);
        return attempt == 0 ? name : name + "-" + attempt;
    }
}
