package io.millrace.cli.demo;

/** What goes wrong on purpose, in the test that shows that the check would notice. */
enum Disturbance {
    /** Nothing; the only one outside tests. */
    NONE,
    /** One live bid is never sent. */
    LOSE_ONE,
    /** One live bid is sent twice. */
    REPEAT_ONE,
    /** One live bid is sent last, long after the windows it belongs to have closed. */
    DELAY_ONE;

    boolean happensAtEnd() {
        return this == DELAY_ONE;
    }
}
