/**
 * The demo: history on disk, a broker beside it, one SQL file over both, a page, and a check of every row of the
 * answer.
 *
 * <p>Read {@link io.millrace.cli.demo.Demo}, then {@code DemoEvents}: what there is, as a function of the number of a
 * bid, counted from 0.
 *
 * <pre>
 *   bid         0 ............ repeatedFrom ............ firstLive ............ end
 *   history     |------------- Parquet files ---------------|
 *   topic                      |- repeated -|--- produced at a steady rate --|
 *   event time  90 days, evenly                              one second a second
 * </pre>
 *
 * <p>The topic was begun at bid {@code repeatedFrom}; bid b is in partition b mod 4, at the offset that counts those of
 * its partition since. History says so in {@code kafka_partition} and {@code kafka_offset}, which are NULL for what is
 * older than the topic: so the cut is found by offset, exactly, and the repeated rows are skipped unread.
 *
 * <p>After the stop {@code Verification} compares each view, row by row, with {@code PlainAnswer}, which counts the
 * bids by their numbers and shares neither source nor cut nor aggregation with the engine, and with what the engine
 * answers to the same queries in batch mode. Threads: the caller's, one that produces, one that measures latency.
 */
package io.millrace.cli.demo;
