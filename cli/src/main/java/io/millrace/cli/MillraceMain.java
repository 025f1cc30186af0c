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
import java.util.ArrayList;
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
        try {
            List<String> words = helpAsOption(args);
            int place = commandPlace(words);
            if (place == words.size()) {
                return run(program(), words, streams);
            }
            String name = words.get(place);
            if (!COMMANDS.contains(name)) {
                throw unknownCommand(name);
            }
            CommandLine line = commandLine(name).setCommandName("millrace " + name);
            line.setCaseInsensitiveEnumValuesAllowed(true);
            List<String> options = new ArrayList<>(words);
            options.remove(place);
            return run(line, options, streams);
        } catch (MillraceException error) {
            boolean verbose = Arrays.asList(args).contains("--verbose");
            streams.err().print(ErrorText.of(error, null, null, verbose));
            return error.code().exitCode();
        }
    }

    /** {@code help} and {@code help run} mean {@code --help} and {@code run --help}. */
    private static List<String> helpAsOption(String[] args) {
        List<String> words = new ArrayList<>(Arrays.asList(args));
        if (words.equals(List.of("help")) || words.size() == 2 && words.getFirst().equals("help")) {
            words.removeFirst();
            words.add("--help");
        }
        return words;
    }

    /** Where the command is: options that all commands have may stand before it. Their number when there is none. */
    private static int commandPlace(List<String> words) {
        int place = 0;
        while (place < words.size() && words.get(place).startsWith("-")) {
            place += GlobalOptions.WITH_VALUE.contains(words.get(place)) ? 2 : 1;
        }
        return Math.min(place, words.size());
    }

    private static MillraceException unknownCommand(String name) {
        String near = NearestName.of(name, COMMANDS);
        return new MillraceException(ErrorCode.USAGE, "there is no command '" + name + "'")
                .withHelp((near == null ? "" : "Did you mean '" + near + "'? ") + "See ./millrace --help");
    }

    private static int run(CommandLine line, List<String> args, Streams streams) {
        try {
            line.parseArgs(args.toArray(String[]::new));
        } catch (ParameterException wrong) {
            throw usage(line, wrong);
        }
        if (line.isUsageHelpRequested() || (line.getCommand() instanceof MillraceMain && args.isEmpty())) {
            new PrintStream(streams.out(), true, StandardCharsets.UTF_8).print(line.getUsageMessage());
            return 0;
        }
        if (line.isVersionHelpRequested()) {
            line.printVersionHelp(new PrintStream(streams.out(), true, StandardCharsets.UTF_8));
            return 0;
        }
        if (!(line.getCommand() instanceof CliCommand command)) {
            throw new MillraceException(ErrorCode.USAGE, "expected a command, found none")
                    .withHelp("One of " + String.join(", ", COMMANDS) + ". See ./millrace --help");
        }
        return command.run(streams);
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
