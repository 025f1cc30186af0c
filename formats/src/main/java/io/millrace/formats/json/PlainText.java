package io.millrace.formats.json;

import org.slf4j.LoggerFactory;

/**
 * Finds where the plain text of a JSON string ends. Two implementations that agree: eight bytes at a time, and with the
 * Vector API where the module {@code jdk.incubator.vector} is there. Stateless, thread-safe.
 */
interface PlainText {
    /** How many bytes past the one that is found, or past the end, may be read. */
    int READ_AHEAD_BYTES = 32;

    /**
     * The faster implementation that this machine has; {@code -Dmillrace.kernels.vector=false} forbids the Vector API.
     */
    PlainText BEST = choose();

    private static PlainText choose() {
        boolean wanted = Boolean.parseBoolean(System.getProperty("millrace.kernels.vector", "true"));
        if (wanted && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            try {
                return new VectorPlainText();
            } catch (LinkageError missing) {
                LoggerFactory.getLogger(PlainText.class).warn("no Vector API: {}", missing.toString());
            }
        }
        return new ScalarPlainText();
    }

    /**
     * The number of bytes before the first quote, backslash or control character, n, or {@code -1 - n} when one of them
     * is not ASCII. When there is none before {@code end}, a number that reaches at least to it.
     */
    long length(long from, long end);
}
