package io.millrace.connectors.kafka;

import java.util.function.Consumer;

/** The steps of a commit. A process may be killed before and after each, and nothing is lost or repeated. */
enum SinkStep {
    /** Producers of earlier executions are fenced. */
    FENCE("kafka.sink.fence"),
    /** A transaction begins. */
    BEGIN("kafka.sink.begin"),
    /** All records of a chunk and its progress come to the broker. */
    SEND("kafka.sink.send"),
    /** The transaction is committed. */
    COMMIT("kafka.sink.commit");

    /** Nobody watches. */
    static final Consumer<String> UNWATCHED = point -> {};

    private final String point;

    SinkStep(String point) {
        this.point = point;
    }

    void before(Consumer<String> watcher) {
        watcher.accept(point + ".before");
    }

    void after(Consumer<String> watcher) {
        watcher.accept(point + ".after");
    }
}
