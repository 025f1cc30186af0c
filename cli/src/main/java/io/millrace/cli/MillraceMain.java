package io.millrace.cli;

import java.util.Set;
import java.util.TreeSet;

/** The program. Reads the command line and runs one command. */
public final class MillraceMain {
    private static final Set<String> PLANNED =
            Set.of("sql", "run", "explain", "demo", "checkpoints", "savepoint", "diff");

    private MillraceMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        String command = args.length == 0 ? "--help" : args[0];
        if (command.equals("--help")) {
            System.out.println("usage: millrace COMMAND [OPTION...]");
            System.out.println("commands, none of which is implemented yet: " + new TreeSet<>(PLANNED));
            return 0;
        }
        if (command.equals("--version")) {
            System.out.println("millrace 0.1.0-SNAPSHOT");
            return 0;
        }
        if (PLANNED.contains(command)) {
            System.err.println("error[UNSUPPORTED]: not implemented: the command '" + command + "'");
            return 1;
        }
        System.err.println("error[USAGE]: expected one of " + new TreeSet<>(PLANNED) + ", found '" + command + "'");
        System.err.println("help: ./millrace --help");
        return 2;
    }
}
