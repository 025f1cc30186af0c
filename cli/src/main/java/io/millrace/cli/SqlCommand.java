package io.millrace.cli;

import io.millrace.cli.output.ErrorText;
import io.millrace.cli.output.OutputFormat;
import io.millrace.cli.process.Interrupts;
import io.millrace.cli.process.Terminal;
import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.engine.config.MillraceConfig;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Statements, or a shell when there are none. */
@Command(
        name = "sql",
        description = "Runs SQL statements, or a shell when neither -c nor -f is given.",
        versionProvider = Version.class)
final class SqlCommand implements CliCommand {
    @Option(names = "-c", paramLabel = "SQL", description = "Statements to run, before those of -f.")
    private String text;

    @Option(names = "-f", paramLabel = "FILE", description = "A file of statements; - for stdin.")
    private String file;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, csv or json; table by default.")
    private OutputFormat output;

    @Option(names = "--timing", description = "Print a line of JSON to stderr when a statement ends.")
    private boolean timing;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting, as SET changes it.")
    private List<String> settings = new ArrayList<>();

    @Mixin private GlobalOptions globals;

    @Override
    public int run(Streams streams) {
        List<Script> scripts = scripts(streams);
        MillraceConfig config = globals.config(GlobalOptions.settings(settings));
        Interrupts interrupts = Interrupts.install(Clock.system());
        try (Millrace millrace = Millrace.open(config);
                Session session = millrace.session()) {
            Warnings warnings = new Warnings(streams.err());
            session.onWarning(warnings::say);
            session.measureCpu(timing);
            StatementPrinter printer = new StatementPrinter(session, streams, output, timing, interrupts, warnings);
            if (scripts.isEmpty()) {
                return new ShellCommand(session, printer, streams, globals.isVerbose()).run();
            }
            for (Script script : scripts) {
                int exitCode = run(script, printer, streams, interrupts);
                if (exitCode != 0) {
                    return exitCode;
                }
            }
            return 0;
        } catch (StatementPrinter.OutputClosed closed) {
            return 0;
        }
    }

    private List<Script> scripts(Streams streams) {
        List<Script> scripts = new ArrayList<>();
        if (text != null) {
            scripts.add(Script.ofOption(text));
        }
        if (file != null) {
            scripts.add(file.equals("-") ? Script.ofInput(streams.in()) : Script.ofFile(file));
        }
        if (scripts.isEmpty() && !Terminal.isInput()) {
            scripts.add(Script.ofInput(streams.in()));
        }
        return scripts;
    }

    private int run(Script script, StatementPrinter printer, Streams streams, Interrupts interrupts) {
        try {
            return printer.run(script.text(), false) ? 0 : interrupts.exitCode();
        } catch (MillraceException error) {
            streams.err().print(ErrorText.of(error, script.name(), script.text(), globals.isVerbose()));
            return error.code().exitCode();
        }
    }
}
