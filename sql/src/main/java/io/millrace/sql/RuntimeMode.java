package io.millrace.sql;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.sql.names.NearestName;
import java.util.List;
import java.util.Locale;

/** {@code execution.runtime-mode}. */
public enum RuntimeMode {
    /** Batch when every source ends by itself, else streaming. */
    AUTOMATIC,
    /** Final results; a source that never ends is an error. */
    BATCH,
    /** Changes as they come, also over sources that end. */
    STREAMING;

    private static final List<String> NAMES = List.of("automatic", "batch", "streaming");

    /** The mode that a setting names. */
    public static RuntimeMode of(String setting) {
        String name = setting.toLowerCase(Locale.ROOT);
        int index = NAMES.indexOf(name);
        if (index < 0) {
            throw new MillraceException(
                            ErrorCode.INVALID_OPTION,
                            "execution.runtime-mode: expected automatic, batch or streaming, found '" + setting + "'")
                    .withHelp(NearestName.help(name, NAMES, null));
        }
        return values()[index];
    }
}
