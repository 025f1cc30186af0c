package io.millrace.benchmarks.flink;

/** Count and sum of a key, in the state and, with the key, as a result. Reused. */
final class Counted {
    long keyHead;
    long keyTail;
    long count;
    long sum;
}
