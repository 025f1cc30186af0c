package io.millrace.formats;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Makes the decoders and encoders of one format. Found by ServiceLoader; stateless, thread-safe. */
public interface FormatFactory {
    /** The value of {@code 'format'}. */
    String identifier();

    /** The options it takes, keys with the format's prefix ({@code json.…}) included. */
    List<FormatOption> options();

    /** A decoder of single records; the caller closes it. UNSUPPORTED when the format has no single records. */
    default RecordDecoder decoder(FormatRequest request) {
        throw new MillraceException(
                ErrorCode.UNSUPPORTED, "format '" + identifier() + "' cannot decode single records");
    }

    /** An encoder of single records; the caller closes it. UNSUPPORTED when the format has no single records. */
    default RecordEncoder encoder(FormatRequest request) {
        throw new MillraceException(
                ErrorCode.UNSUPPORTED, "format '" + identifier() + "' cannot encode single records");
    }

    /** Whether a file of such records begins with one that is a header. */
    default boolean hasHeader(Map<String, String> options) {
        return false;
    }

    /** Whether a line end between double quotes is part of a record instead of its end. */
    default boolean quotesLineEnds() {
        return false;
    }

    /** The factory of this name; INVALID_OPTION, naming those there are, when there is none. */
    static FormatFactory named(String identifier) {
        List<String> known =
                ServiceLoader.load(FormatFactory.class).stream()
                        .map(p -> p.get().identifier())
                        .sorted(Comparator.naturalOrder())
                        .toList();
        return ServiceLoader.load(FormatFactory.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(f -> f.identifier().equals(identifier))
                .findFirst()
                .orElseThrow(() ->
                        new MillraceException(
                                ErrorCode.INVALID_OPTION,
                                "unknown format '" + identifier + "'; known formats: " + known));
    }
}
