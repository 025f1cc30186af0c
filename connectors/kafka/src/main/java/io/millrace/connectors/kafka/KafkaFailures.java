package io.millrace.connectors.kafka;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;

/** Kafka's exceptions as the engine's. */
final class KafkaFailures {
    private KafkaFailures() {}

    /** What a failed call means, for the cluster at {@code servers}. */
    static MillraceException translate(Throwable failure, String servers, String doing) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException || cause instanceof CompletionException)) {
            cause = cause.getCause();
        }
        String text = doing + " (bootstrap.servers=" + servers + "): " + cause.getMessage();
        return switch (cause) {
            case MillraceException known -> known;
            case AuthenticationException e -> new MillraceException(ErrorCode.PERMISSION_DENIED, text, e);
            case AuthorizationException e -> new MillraceException(ErrorCode.PERMISSION_DENIED, text, e);
            case TimeoutException e ->
                    new MillraceException(ErrorCode.BROKER_UNREACHABLE, text, e)
                            .withHelp("Is the broker running, and is this its address?")
                            .retryable();
            case CorruptRecordException e -> new MillraceException(ErrorCode.CORRUPT_DATA, text, e);
            case RecordTooLargeException e -> new MillraceException(ErrorCode.DATA_EXCEPTION, text, e);
            case RetriableException e -> new MillraceException(ErrorCode.IO_FAILED, text, e).retryable();
            case ConfigException e -> new MillraceException(ErrorCode.INVALID_OPTION, text, e);
            default -> {
                boolean badSettings = cause.getCause() instanceof ConfigException;
                ErrorCode code = badSettings ? ErrorCode.INVALID_OPTION : ErrorCode.IO_FAILED;
                yield new MillraceException(
                        code, badSettings ? text + ": " + cause.getCause().getMessage() : text, cause);
            }
        };
    }
}
