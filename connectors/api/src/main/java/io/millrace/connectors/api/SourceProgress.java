package io.millrace.connectors.api;

/**
 * How far an execution is.
 *
 * @param rowsTotal rows it will read, or -1 when unknown
 * @param bytesRead fetched from storage or network
 * @param lagRows rows known to wait, or -1 when unknown
 * @param live whether it has reached the present; of a bounded source never
 */
public record SourceProgress(long rowsRead, long rowsTotal, long bytesRead, long lagRows, boolean live) {}
