package io.millrace.connectors.api;

/**
 * A record that could not be decoded.
 *
 * @param origin file, or topic and partition
 * @param position offset, row or line in the origin
 * @param reason what was expected and found
 * @param rawBytes at most the first 4096 bytes of it
 */
public record BadRecord(String origin, long position, String reason, byte[] rawBytes) {
    public static final int MAX_RAW_BYTES = 4096;
}
