package io.millrace.server;

import io.millrace.memory.error.ErrorCode;

/** Why there is no answer: a status, and what the body says. Never leaves this package. */
final class HttpProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final ErrorCode code;
    private final String help;

    HttpProblem(int status, ErrorCode code, String message) {
        this(status, code, message, null);
    }

    private HttpProblem(int status, ErrorCode code, String message, String help) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.help = help;
    }

    HttpProblem withHelp(String advice) {
        return new HttpProblem(status, code, getMessage(), advice);
    }

    int status() {
        return status;
    }

    ErrorCode code() {
        return code;
    }

    String help() {
        return help;
    }
}
