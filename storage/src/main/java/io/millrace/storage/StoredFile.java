package io.millrace.storage;

/**
 * A file as it was when it was looked at. Two that are equal are taken to be the same bytes.
 *
 * @param location as it can be given to {@link Storage#at}
 */
public record StoredFile(String location, long lengthBytes, long modifiedMillis) {}
