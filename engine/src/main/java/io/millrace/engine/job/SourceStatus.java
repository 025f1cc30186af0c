package io.millrace.engine.job;

import io.millrace.connectors.api.HandoverReport;

/**
 * How far a job is in one of its sources.
 *
 * @param rowsTotal it will read, or -1 when unknown
 * @param bytesRead fetched from storage or network
 * @param lagRows known to wait, or -1 when unknown
 * @param watermarkMicros {@link Long#MIN_VALUE} before the first, {@link Long#MAX_VALUE} at the end
 * @param etaMillis until a bounded source is read at the rate so far, or -1 when unknown
 * @param live whether it has reached the present
 * @param handover or null
 */
public record SourceStatus(
        String table,
        boolean bounded,
        long rowsRead,
        long rowsTotal,
        long bytesRead,
        long lagRows,
        long watermarkMicros,
        long etaMillis,
        boolean live,
        HandoverReport handover) {}
