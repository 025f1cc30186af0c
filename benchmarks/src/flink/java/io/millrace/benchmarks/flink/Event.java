package io.millrace.benchmarks.flink;

/** A row on its way to the count: key of 16 bytes and value. Reused, as Flink allows where records are not kept. */
final class Event {
    long keyHead;
    long keyTail;
    long value;
}
