package io.millrace.cli;

import io.millrace.cli.output.ErrorText;
import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.engine.durable.StateFate;
import io.millrace.engine.durable.StateMatch;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.state.checkpoint.FoundCheckpoint;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an edited script would do with the state of the old one. */
@Command(
        name = "diff",
        description =
                "Says of each operator whether its state is kept, migrated, rebuilt or dropped by an edited script.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:what becomes of the state was said",
            "1:with --check, some of it would be rebuilt or dropped; or the checkpoint is damaged",
            "2:something is to be typed otherwise"
        },
        versionProvider = Version.class)
final class DiffCommand implements CliCommand {
    private static final int LOST = 1;

    @Parameters(index = "0", paramLabel = "OLD", description = "The script that made the checkpoint.")
    private String oldFile;

    @Parameters(index = "1", paramLabel = "NEW", description = "The edited script.")
    private String newFile;

    @Option(names = "--from", paramLabel = "PATH", required = true, description = "A savepoint or checkpoint.")
    private String from;

    @Option(names = "--check", description = "End with exit code 1 when state would be rebuilt or dropped.")
    private boolean check;

    @Mixin private GlobalOptions globals;

    @Override
    public int run(Streams streams) {
        try (Millrace millrace = Millrace.open(globals.config(GlobalOptions.settings(List.of())))) {
            FoundCheckpoint found = FoundCheckpoint.at(from);
            StateMatch before = match(millrace, Script.ofFile(oldFile), found);
            if (!before.changes().isEmpty()) {
                throw new MillraceException(
                                ErrorCode.INVALID_OPTION,
                                found.location()
                                        + ": expected a checkpoint of "
                                        + oldFile
                                        + ", found that it would be "
                                        + before.changes())
                        .withHelp("./millrace checkpoints show " + from + " prints the script that made it.");
            }
            StateMatch after = match(millrace, Script.ofFile(newFile), found);
            PrintStream out = new PrintStream(streams.out(), true, StandardCharsets.UTF_8);
            after.fates().forEach(out::println);
            return check && after.fates().stream().anyMatch(DiffCommand::isLost) ? LOST : 0;
        } catch (MillraceException error) {
            streams.err().print(ErrorText.of(error, newFile, null, globals.isVerbose()));
            return error.code().exitCode();
        }
    }

    private static boolean isLost(StateFate fate) {
        return fate.drops() || fate.kind() == StateFate.Kind.REBUILT || fate.kind() == StateFate.Kind.DROPPED;
    }

    private static StateMatch match(Millrace millrace, Script script, FoundCheckpoint found) {
        try (Session session = millrace.session()) {
            OperatorGraph graph = session.graph(script.text());
            return StateMatch.of(graph, found.manifest());
        }
    }
}
