package io.millrace.connectors.kafka;

/**
 * How exactly-once output is made.
 *
 * @param transactionalIdPrefix what the ids of producers begin with
 * @param progressTopic where it is written how far commits came
 * @param chunkBytes of records in one transaction
 * @param bufferBytes that may be stored and not yet committed, over all writers
 * @param allowsTransactionV1 whether brokers without transaction.version 2 will do
 */
record TopicOutput(
        String transactionalIdPrefix,
        String progressTopic,
        int chunkBytes,
        long bufferBytes,
        boolean allowsTransactionV1) {}
