package io.millrace.engine.durable;

import java.util.Locale;

/**
 * What becomes of one operator's state when a script is edited.
 *
 * @param operator its name: of the new script, or of the old when it is dropped
 * @param note what to know of it; empty for nothing
 * @param drops whether something that is held is left behind by it
 */
public record StateFate(Kind kind, String operator, String note, boolean drops) {
    /** In a word. */
    public enum Kind {
        /** It is there, maybe in another order. */
        KEPT,
        /** Parts of it have a wider type, are new, or are no more. */
        MIGRATED,
        /** It begins anew, with all that its sources have. */
        REBUILT,
        /** No operator wants it any more. */
        DROPPED
    }

    /** As a line of text. */
    @Override
    public String toString() {
        String word = String.format(Locale.ROOT, "%-8s ", kind.name().toLowerCase(Locale.ROOT));
        String consent = drops ? (note.isEmpty() ? ": only" : "; only") + " with --allow-dropped-state" : "";
        return word + operator + (note.isEmpty() ? "" : ": " + note) + consent;
    }
}
