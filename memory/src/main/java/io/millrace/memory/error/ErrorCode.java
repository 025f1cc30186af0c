package io.millrace.memory.error;

/** What went wrong, in the words scripts may test. The name is what {@code error[CODE]} prints. */
public enum ErrorCode {
    /** The text is not SQL. */
    SQL_SYNTAX(Kind.USER),
    /** The SQL is well formed but means nothing here: wrong types, no such overload, misplaced clause. */
    SQL_INVALID(Kind.USER),
    /** The SQL is meaningful but not supported. */
    UNSUPPORTED(Kind.USER),
    UNKNOWN_TABLE(Kind.USER),
    UNKNOWN_COLUMN(Kind.USER),
    UNKNOWN_FUNCTION(Kind.USER),
    UNKNOWN_OPTION(Kind.USER),
    /** A value of a setting, table option or command-line option is not acceptable. */
    INVALID_OPTION(Kind.USER),
    /** A command line that cannot be read. */
    USAGE(Kind.USER),
    FILE_NOT_FOUND(Kind.USER),
    TOPIC_NOT_FOUND(Kind.USER),
    PERMISSION_DENIED(Kind.USER),
    PORT_IN_USE(Kind.USER),
    ALREADY_EXISTS(Kind.USER),
    /** A query computed something that has no value: division by zero, overflow, a failed cast. */
    DATA_EXCEPTION(Kind.USER, 1),
    /** The memory budget is spent. */
    OUT_OF_MEMORY(Kind.RESOURCE),
    DISK_FULL(Kind.RESOURCE),
    /** A file or record is not what its format says. */
    CORRUPT_DATA(Kind.EXTERNAL),
    /** A file changed while it was being read. */
    FILE_CHANGED(Kind.EXTERNAL),
    IO_FAILED(Kind.EXTERNAL),
    BROKER_UNREACHABLE(Kind.EXTERNAL),
    /** A topic no longer, or not yet, holds the offset that is to be read next. */
    OFFSET_OUT_OF_RANGE(Kind.EXTERNAL),
    /** Rows that the job needs are in neither history nor the topic. */
    HANDOVER_GAP(Kind.EXTERNAL),
    /** A promise of the input does not hold: lying statistics, a retracted row that was never there. */
    CONTRACT_BROKEN(Kind.EXTERNAL),
    CANCELLED(Kind.USER, 0),
    FENCED(Kind.EXTERNAL, 3),
    STATE_IN_USE(Kind.USER, 4),
    /** A fault of the engine. */
    INTERNAL(Kind.INTERNAL);

    /** Who can do something about it. */
    public enum Kind {
        /** Whoever typed it. */
        USER,
        /** Whoever sized it. */
        RESOURCE,
        /** Whoever runs what the engine talks to. */
        EXTERNAL,
        /** Whoever wrote the engine. */
        INTERNAL
    }

    private final Kind kind;
    private final int exitCode;

    ErrorCode(Kind kind) {
        this(kind, kind == Kind.USER ? 2 : 1);
    }

    ErrorCode(Kind kind, int exitCode) {
        this.kind = kind;
        this.exitCode = exitCode;
    }

    public Kind kind() {
        return kind;
    }

    /** The exit code of a process that ends with this error. */
    public int exitCode() {
        return exitCode;
    }
}
