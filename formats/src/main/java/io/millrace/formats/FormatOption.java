package io.millrace.formats;

/**
 * One option of a format.
 *
 * @param key as users write it
 * @param defaultValue null when there is none
 */
public record FormatOption(String key, String defaultValue, String description) {}
