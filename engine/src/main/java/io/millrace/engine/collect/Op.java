package io.millrace.engine.collect;

import java.nio.charset.StandardCharsets;

/** What happened to a row, as a reader of changes sees it. */
enum Op {
    INSERT("+I"),
    /** The row as it was before the {@link #UPDATE_AFTER} that follows. */
    UPDATE_BEFORE("-U"),
    UPDATE_AFTER("+U"),
    DELETE("-D");

    private final byte[] text;

    Op(String text) {
        this.text = text.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] text() {
        return text;
    }
}
