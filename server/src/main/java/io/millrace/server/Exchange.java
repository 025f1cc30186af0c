package io.millrace.server;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was asked: the segments of the path, decoded one by one, and the parameters.
 *
 * @param segments of {@code /a/b} are a and b; of {@code /} none
 */
record Exchange(String method, List<String> segments, Map<String, String> parameters) {
    private static final int MAX_URI_CHARACTERS = 4_096;
    private static final int MAX_PARAMETERS = 16;

    Exchange {
        segments = List.copyOf(segments);
        parameters = Map.copyOf(parameters);
    }

    static Exchange of(HttpExchange http) {
        String path = http.getRequestURI().getRawPath();
        String query = http.getRequestURI().getRawQuery();
        if (path == null || !path.startsWith("/")) {
            throw bad("expected a path that begins with /, found '" + path + "'");
        }
        if (path.length() + (query == null ? 0 : query.length()) > MAX_URI_CHARACTERS) {
            throw new HttpProblem(
                    414, ErrorCode.USAGE, "expected a path of at most " + MAX_URI_CHARACTERS + " characters");
        }
        List<String> segments =
                path.equals("/")
                        ? List.of()
                        : Arrays.stream(path.substring(1).split("/", -1)).map(Exchange::decode).toList();
        return new Exchange(http.getRequestMethod(), segments, parameters(query));
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        String[] pairs = query.split("&", MAX_PARAMETERS + 1);
        if (pairs.length > MAX_PARAMETERS) {
            throw bad("expected at most " + MAX_PARAMETERS + " parameters");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                throw bad("parameter " + name + " is given twice");
            }
        }
        return parameters;
    }

    private static String decode(String raw) {
        try {
            // A plus sign is a plus sign in a path; in a query nobody here writes one for a space.
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            throw bad("expected percent-encoded UTF-8, found '" + raw + "'");
        }
    }

    /** Fails when there is a parameter of another name. */
    void allow(String... names) {
        for (String name : parameters.keySet()) {
            if (!Arrays.asList(names).contains(name)) {
                throw new HttpProblem(400, ErrorCode.UNKNOWN_OPTION, "unknown parameter '" + name + "'")
                        .withHelp(
                                names.length == 0
                                        ? "There are none here."
                                        : "There are " + String.join(", ", names) + ".");
            }
        }
    }

    long number(String name, long defaultValue, long max) {
        String text = parameters.get(name);
        if (text == null) {
            return defaultValue;
        }
        boolean digits = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(text) > max) {
            throw bad("parameter " + name + ": expected a number from 0 to " + max + ", found '" + text + "'");
        }
        return Long.parseLong(text);
    }

    static HttpProblem bad(String message) {
        return new HttpProblem(400, ErrorCode.INVALID_OPTION, message);
    }

    /** How a handler's own failure is told. */
    static HttpProblem problem(RuntimeException failure) {
        if (failure instanceof HttpProblem problem) {
            return problem;
        }
        MillraceException known = MillraceException.wrap(failure);
        int status =
                switch (known.code()) {
                    case UNKNOWN_TABLE, UNKNOWN_COLUMN, FILE_NOT_FOUND, TOPIC_NOT_FOUND -> 404;
                    case OUT_OF_MEMORY -> 503;
                    default -> known.code().kind() == ErrorCode.Kind.USER ? 400 : 500;
                };
        return new HttpProblem(status, known.code(), known.getMessage()).withHelp(known.help());
    }
}
