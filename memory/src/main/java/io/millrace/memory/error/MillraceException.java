package io.millrace.memory.error;

import java.util.Objects;
import java.util.concurrent.CompletionException;

/**
 * The one exception that leaves the engine. The message says what was expected and what was found; {@link #help()} says
 * what to do. Context (job, operator, split) is added once, at the task boundary, by {@link #inContext}.
 */
public final class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final boolean retryable;
    private final String help;
    private final transient SqlPosition position;

    private MillraceException(
            ErrorCode code, String message, boolean retryable, String help, SqlPosition position, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.retryable = retryable;
        this.help = help;
        this.position = position;
    }

    public MillraceException(ErrorCode code, String message) {
        this(code, message, false, null, null, null);
    }

    public MillraceException(ErrorCode code, String message, Throwable cause) {
        this(code, message, false, null, null, cause);
    }

    /** The same error with advice: a whole sentence on what to do. */
    public MillraceException withHelp(String advice) {
        return copy(getMessage(), retryable, advice, position);
    }

    /** The same error, pointing at a place in the SQL text. */
    public MillraceException at(SqlPosition place) {
        return copy(getMessage(), retryable, help, place);
    }

    /** The same error, marked as one that a later attempt may not meet. */
    public MillraceException retryable() {
        return copy(getMessage(), true, help, position);
    }

    /** The same error with {@code context: } before its message. */
    public MillraceException inContext(String context) {
        return copy(context + ": " + getMessage(), retryable, help, position);
    }

    private MillraceException copy(String message, boolean newRetryable, String newHelp, SqlPosition newPosition) {
        MillraceException copy = new MillraceException(code, message, newRetryable, newHelp, newPosition, getCause());
        copy.setStackTrace(getStackTrace());
        for (Throwable suppressed : getSuppressed()) {
            copy.addSuppressed(suppressed);
        }
        return copy;
    }

    /** A fault of the engine; says what invariant broke. */
    public static MillraceException internal(String message) {
        return new MillraceException(ErrorCode.INTERNAL, message);
    }

    /**
     * {@code failure} itself, or what a future completed with, when it is one of ours, OUT_OF_MEMORY when the virtual
     * machine had no more, else an INTERNAL error that wraps it.
     */
    public static MillraceException wrap(Throwable failure) {
        if (failure instanceof MillraceException known) {
            return known;
        }
        if (failure instanceof CompletionException && failure.getCause() instanceof MillraceException known) {
            return known;
        }
        String text = failure.getMessage() == null ? "" : ": " + failure.getMessage();
        // Where closing fails as well, with the very error that the virtual machine keeps for that, it is a cause.
        if (failure instanceof OutOfMemoryError || failure.getCause() instanceof OutOfMemoryError) {
            return new MillraceException(ErrorCode.OUT_OF_MEMORY, "the JVM's own memory is spent" + text, failure)
                    .withHelp("Raise --memory, of which the heap and direct buffers are parts.");
        }
        return new MillraceException(ErrorCode.INTERNAL, failure.getClass().getSimpleName() + text, failure);
    }

    public ErrorCode code() {
        return code;
    }

    /** Whether a later attempt may succeed with nothing changed by the user. */
    public boolean isRetryable() {
        return retryable;
    }

    /** What to do, or null. */
    public String help() {
        return help;
    }

    /** The place in the SQL text, or null. */
    public SqlPosition position() {
        return position;
    }
}
