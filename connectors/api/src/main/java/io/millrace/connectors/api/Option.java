package io.millrace.connectors.api;

/**
 * One option of a connector's {@code WITH} clause.
 *
 * @param key as users write it; when {@code prefix}, every key that begins so is accepted
 * @param defaultValue null when there is none
 */
public record Option(String key, boolean prefix, boolean required, String defaultValue, String description) {
    public static Option required(String key, String description) {
        return new Option(key, false, true, null, description);
    }

    public static Option optional(String key, String defaultValue, String description) {
        return new Option(key, false, false, defaultValue, description);
    }

    /** All keys that begin with this, handed to the client library below. */
    public static Option prefixed(String prefix, String description) {
        return new Option(prefix, true, false, null, description);
    }
}
