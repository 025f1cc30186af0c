package io.millrace.formats.parquet.footer;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;

/**
 * Where in a file something lies, for messages.
 *
 * @param rowGroup -1 for the footer
 * @param column dotted path, or null for the footer
 */
public record ChunkLocation(String file, int rowGroup, String column) {
    public static ChunkLocation footer(String file) {
        return new ChunkLocation(file, -1, null);
    }

    @Override
    public String toString() {
        return "file=" + file + (rowGroup < 0 ? " footer" : " rowGroup=" + rowGroup + " column=" + column);
    }

    public MillraceException corrupt(String what) {
        return new MillraceException(ErrorCode.CORRUPT_DATA, "Parquet " + this + ": " + what)
                .withHelp("The file is damaged or was not written whole; write it again or leave it out.");
    }

    public MillraceException corrupt(String what, Throwable cause) {
        return new MillraceException(ErrorCode.CORRUPT_DATA, "Parquet " + this + ": " + what, cause)
                .withHelp("The file is damaged or was not written whole; write it again or leave it out.");
    }

    public MillraceException broken(String what) {
        return new MillraceException(ErrorCode.CONTRACT_BROKEN, "Parquet " + this + ": " + what);
    }

    public MillraceException unsupported(String what) {
        return new MillraceException(ErrorCode.UNSUPPORTED, "Parquet " + this + ": " + what);
    }
}
