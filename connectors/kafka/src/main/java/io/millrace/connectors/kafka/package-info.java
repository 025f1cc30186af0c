/**
 * Tables over Kafka topics.
 *
 * <p>Read {@link io.millrace.connectors.kafka.KafkaSource}, then {@code KafkaReader}. A partition is a split; its
 * number is the split's. Who does what:
 *
 * <pre>
 *   KafkaRun      one execution, any thread: which reader has which partitions, where they begin and end; its admin
 *                 client finds new partitions and notices a topic that went away
 *   KafkaReader   worker: takes what was fetched, decodes it into columns, emits
 *   Fetcher       I/O threads, one call at a time: owns the consumer, fetches the next records while the last are decoded
 *   RecordRows    worker: one record's value into columns by the format's decoder, its metadata beside it
 *
 *   RowRecords      worker: rows into records; of a table with a primary key, changes folded by it
 *   KafkaWriter     at least once: sends records as they come
 *   ChunkWriter     exactly once: has records stored with the checkpoint, in chunks
 *   ExactlyOnceRun  once a checkpoint is durable: has each chunk sent, by ChunkSender, in a transaction of its own with
 *                   a record of how far it came (SentProgress); at a start, fences what was before and sends the rest
 * </pre>
 *
 * <p>Offsets are never reset silently: a position that a partition no longer holds is an OFFSET_OUT_OF_RANGE error that
 * names partition and range. Only committed records are read unless the table says otherwise; a partition has nothing
 * to read when the position equals the last stable offset, so transaction markers, aborted records and holes left by
 * compaction do not count as data. Properties of the client come from an allow-list ({@code ClientProperties}): none
 * that names a class, a file of credentials to run, or a login module.
 */
package io.millrace.connectors.kafka;
