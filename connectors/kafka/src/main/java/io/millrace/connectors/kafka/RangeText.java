package io.millrace.connectors.kafka;

/** Says that an offset is not there. */
final class RangeText {
    static final String ADVICE =
            "The topic's retention is shorter than the reader's delay, or the topic is another one. What is missing"
                    + " cannot be read again: begin anew, with another --state, from a start or a history that has it.";

    private RangeText() {}

    static String of(int partition, long wanted, long first, long end) {
        String held = "partition=" + partition + " wanted offset=" + wanted + ", holds " + first + " to " + end;
        return wanted < first ? held + ": offsets " + wanted + " to " + first + " are gone" : held;
    }
}
