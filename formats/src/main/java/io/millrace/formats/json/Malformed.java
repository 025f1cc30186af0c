package io.millrace.formats.json;

/** A record is not what it should be. Thrown without a stack, told as a reason, never seen outside. */
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String reason) {
        super(reason, null, false, false);
    }
}
