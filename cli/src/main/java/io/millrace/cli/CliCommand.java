package io.millrace.cli;

/** One command of the program, its options filled in. */
interface CliCommand {
    /** Runs it; returns the exit code. */
    int run(Streams streams);
}
