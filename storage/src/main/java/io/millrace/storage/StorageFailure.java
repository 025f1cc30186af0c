package io.millrace.storage;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns what the system says into an error that names the file and what was being done. */
final class StorageFailure {
    private StorageFailure() {}

    static MillraceException of(String doing, String location, IOException failure) {
        String what = doing + " " + location;
        return switch (failure) {
            case NoSuchFileException missing -> notFound(what, missing);
            case FileNotFoundException missing -> notFound(what, missing);
            case AccessDeniedException denied ->
                    new MillraceException(ErrorCode.PERMISSION_DENIED, what + ": permission denied", denied);
            case FileAlreadyExistsException taken ->
                    new MillraceException(ErrorCode.ALREADY_EXISTS, what + ": it is there already", taken);
            default -> other(what, failure);
        };
    }

    private static MillraceException notFound(String what, IOException failure) {
        return new MillraceException(ErrorCode.FILE_NOT_FOUND, what + ": there is no such file", failure);
    }

    private static MillraceException other(String what, IOException failure) {
        MillraceException unreachable = unreachable(what, failure);
        if (unreachable != null) {
            return unreachable;
        }
        String reason =
                failure instanceof FileSystemException f && f.getReason() != null
                        ? f.getReason()
                        : failure.getMessage();
        String text = what + ": " + (reason == null ? failure.getClass().getSimpleName() : reason);
        if (text.contains("No space left") || text.contains("quota")) {
            return new MillraceException(ErrorCode.DISK_FULL, text, failure);
        }
        String name = failure.getClass().getSimpleName();
        if (name.equals("AccessControlException")) {
            return new MillraceException(ErrorCode.PERMISSION_DENIED, text, failure);
        }
        return new MillraceException(ErrorCode.IO_FAILED, firstLine(text), failure).retryable();
    }

    /** Servers send a stack trace behind their message. */
    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text).strip();
    }

    /** The error of a server that does not answer, or null when that is not what failed. */
    private static MillraceException unreachable(String what, IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String reason =
                    switch (cause) {
                        case ConnectException refused -> "the connection was refused";
                        case NoRouteToHostException lost -> "there is no route to it";
                        case UnknownHostException unknown -> "the host is not known";
                        case SocketTimeoutException late -> "it does not answer in time";
                        default -> null;
                    };
            if (reason != null) {
                return new MillraceException(
                                ErrorCode.IO_FAILED, what + ": its server cannot be reached, " + reason, failure)
                        .withHelp("Check that the name node runs and that host and port are right.")
                        .retryable();
            }
        }
        return null;
    }
}
