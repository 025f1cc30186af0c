package io.millrace.cli;

import io.millrace.cli.output.ErrorText;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.sql.names.NearestName;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program. Reads the command line and runs one command. */
@Command(
        name = "millrace",
        description = "One analytics engine for yesterday's files and this second's events.",
        versionProvider = Version.class)
public final class MillraceMain {
    private static final List<String> COMMANDS =
            List.of("sql", "run", "explain", "demo", "checkpoints", "savepoint", "diff");

    @SuppressWarnings("UnusedVariable") // picocli fills it
    @Mixin
    private GlobalOptions globals;

    private MillraceMain() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Streams streams =
                new Streams(new FileInputStream(FileDescriptor.in), new FileOutputStream(FileDescriptor.out), err);
        System.exit(run(args, streams));
    }

    /** Runs one command and returns its exit code. Threads of the engine are gone when it returns. */
    static int run(String[] args, Streams streams) {
        Locale.setDefault(Locale.ROOT);
        String name = args.length == 0 ? "--help" : args[0];
        try {
            boolean known = COMMANDS.contains(name);
            if (!known && !name.startsWith("-")) {
                throw unknownCommand(name);
            }
            CommandLine line = known ? commandLine(name).setCommandName("millrace " + name) : program();
            line.setCaseInsensitiveEnumValuesAllowed(true);
            return run(line, known ? Arrays.copyOfRange(args, 1, args.length) : args, streams);
        } catch (MillraceException error) {
            boolean verbose = Arrays.asList(args).contains("--verbose");
            streams.err().print(ErrorText.of(error, null, null, verbose));
            return error.code().exitCode();
        }
    }

    private static MillraceException unknownCommand(String name) {
        String near = NearestName.of(name, COMMANDS);
        return new MillraceException(ErrorCode.USAGE, "there is no command '" + name + "'")
                .withHelp((near == null ? "" : "Did you mean '" + near + "'? ") + "See ./millrace --help");
    }

    private static int run(CommandLine line, String[] args, Streams streams) {
        try {
            line.parseArgs(args);
        } catch (ParameterException wrong) {
            throw usage(line, wrong);
        }
        if (line.isUsageHelpRequested() || (line.getCommand() instanceof MillraceMain && args.length == 0)) {
            new PrintStream(streams.out(), true, StandardCharsets.UTF_8).print(line.getUsageMessage());
            return 0;
        }
        if (line.isVersionHelpRequested()) {
            line.printVersionHelp(new PrintStream(streams.out(), true, StandardCharsets.UTF_8));
            return 0;
        }
        return ((CliCommand) line.getCommand()).run(streams);
    }

    private static MillraceException usage(CommandLine line, ParameterException wrong) {
        String message = wrong.getMessage();
        List<String> near =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String help =
                near.isEmpty()
                        ? "./" + line.getCommandName() + " --help"
                        : "Did you mean '" + near.getFirst() + "'? See ./" + line.getCommandName() + " --help";
        return new MillraceException(ErrorCode.USAGE, message).withHelp(help);
    }

    /** Only the command that runs is looked at: the others would cost time at each start. */
    private static CommandLine commandLine(String name) {
        return new CommandLine(
                switch (name) {
                    case "sql" -> new SqlCommand();
                    case "run" -> new RunCommand();
                    case "explain" -> new ExplainCommand();
                    case "demo" -> new DemoCommand();
                    case "checkpoints" -> new CheckpointsCommand();
                    case "savepoint" -> new SavepointCommand();
                    case "diff" -> new DiffCommand();
                    default -> throw MillraceException.internal("no command " + name);
                });
    }

    /** All commands: for help, and to say what is wrong. */
    private static CommandLine program() {
        CommandLine program = new CommandLine(new MillraceMain());
        COMMANDS.forEach(name -> program.addSubcommand(name, commandLine(name)));
        return program;
    }
}
