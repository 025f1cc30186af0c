package io.millrace.connectors.kafka;

import java.util.function.Consumer;

/** The steps of a commit. A process may be killed before and after each, and nothing is lost or repeated. */
enum SinkStep {
    /** Producers of earlier executions are fenced. */
    FENCE("kafka.sink.fence", "kafka.sink.fenced"),
    /** A transaction begins. */
    BEGIN("kafka.sink.begin", "kafka.sink.begun"),
    /** All records of a chunk and its progress come to the broker. */
    SEND("kafka.sink.send", "kafka.sink.sent"),
    /** The transaction is committed. */
    COMMIT("kafka.sink.commit", "kafka.sink.committed");

    private final String before;
    private final String after;

    SinkStep(String before, String after) {
        this.before = before;
        this.after = after;
    }

    void before(Consumer<String> watcher) {
        watcher.accept(before);
    }

    void after(Consumer<String> watcher) {
        watcher.accept(after);
    }
}
