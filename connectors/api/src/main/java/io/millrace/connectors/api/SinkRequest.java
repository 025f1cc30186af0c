package io.millrace.connectors.api;

import io.millrace.memory.types.Schema;

/**
 * What an execution of a sink is told.
 *
 * @param schema of the batches that will be written
 * @param changelogKind of the batches that will be written
 * @param bounded whether the input ends by itself
 */
public record SinkRequest(
        String jobName, Schema schema, ChangelogKind changelogKind, int writerCount, boolean bounded) {}
