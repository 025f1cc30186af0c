package io.millrace.engine;

/**
 * What a statement cost, from its first letter to its last row.
 *
 * @param mode {@code batch} or {@code streaming}; null when nothing ran
 * @param cpuMillis of the whole process meanwhile, compiler and collector included; 0 when it was not measured
 * @param rows returned, or written
 * @param rowsRead from sources
 * @param bytesRead fetched from storage or network
 * @param peakRssBytes of the process since its start, -1 where the system does not tell
 * @param error code, or null
 */
public record Statistics(
        int statement,
        String kind,
        String mode,
        double wallMillis,
        double cpuMillis,
        long rows,
        long rowsRead,
        long bytesRead,
        long peakRssBytes,
        String error) {}
