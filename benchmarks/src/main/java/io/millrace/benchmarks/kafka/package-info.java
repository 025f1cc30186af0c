/**
 * How fast a topic of JSON records is read, beside what a program without an engine would do. Read {@link
 * io.millrace.benchmarks.kafka.KafkaIngestBenchmark}.
 */
package io.millrace.benchmarks.kafka;
