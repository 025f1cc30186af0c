package io.millrace.cli;

import io.millrace.cli.output.ErrorText;
import io.millrace.engine.Explanations;
import io.millrace.engine.Millrace;
import io.millrace.engine.Session;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plans. */
@Command(
        name = "explain",
        description = "Shows the plans of the queries of a script; definitions and settings in it are carried out.",
        versionProvider = Version.class)
final class ExplainCommand implements CliCommand {
    /** What {@code --output} takes. */
    enum Format {
        TEXT,
        JSON
    }

    @Option(names = "-c", paramLabel = "SQL", description = "Statements to explain.")
    private String text;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A file of statements; - for stdin.")
    private String file;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json; text by default.")
    private Format output;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting, as SET changes it.")
    private List<String> settings = new ArrayList<>();

    @Mixin private GlobalOptions globals;

    @Override
    public int run(Streams streams) {
        Script script = script(streams);
        PrintStream out = new PrintStream(streams.out(), false, StandardCharsets.UTF_8);
        try (Millrace millrace = Millrace.open(globals.config(GlobalOptions.settings(settings)));
                Session session = millrace.session();
                Explanations plans = session.explain(script.text())) {
            session.onWarning(new Warnings(streams.err())::say);
            boolean json = output == Format.JSON;
            int number = 0;
            for (String plan = plans.next(json); plan != null; plan = plans.next(json)) {
                if (number > 0 && !json) {
                    out.print('\n');
                }
                number++;
                out.print(plan.stripTrailing());
                out.print('\n');
            }
            out.flush();
            return 0;
        } catch (MillraceException error) {
            out.flush();
            streams.err().print(ErrorText.of(error, script.name(), script.text(), globals.isVerbose()));
            return error.code().exitCode();
        }
    }

    private Script script(Streams streams) {
        if ((text == null) == (file == null)) {
            throw new MillraceException(ErrorCode.USAGE, "expected either -c SQL or FILE")
                    .withHelp("./millrace explain --help");
        }
        if (text != null) {
            return Script.ofOption(text);
        }
        return file.equals("-") ? Script.ofInput(streams.in()) : Script.ofFile(file);
    }
}
