package io.millrace.cli;

import io.millrace.cli.demo.Demo;
import io.millrace.cli.demo.DemoOptions;
import io.millrace.cli.output.ErrorText;
import io.millrace.cli.process.Interrupts;
import io.millrace.cli.process.ProgressBar;
import io.millrace.cli.process.Terminal;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.server.HttpAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** History, a live topic, one query over both, a page, and a check of the answer. */
@Command(
        name = "demo",
        description = "Backfills months of history, goes on live from a topic, serves a page and checks every row.",
        versionProvider = Version.class)
final class DemoCommand implements CliCommand {
    @Option(names = "--seconds", paramLabel = "N", description = "How long to run once live; until Ctrl-C by default.")
    private long seconds;

    @Option(names = "--history-rows", paramLabel = "N", description = "Bids of history; 20,000,000 by default.")
    private long historyRows = DemoOptions.DEFAULT_HISTORY_ROWS;

    @Option(names = "--rate", paramLabel = "N", description = "Live bids a second; 20,000 by default.")
    private long rate = DemoOptions.DEFAULT_BIDS_PER_SECOND;

    @Option(names = "--headless", description = "No page, unless --http says where.")
    private boolean headless;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a report in JSON at the end.")
    private Path report;

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "Where the page is; 127.0.0.1:8080 by default.")
    private String http;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where files go; ~/.cache/millrace/demo by default.")
    private Path directory = DemoOptions.defaultDirectory();

    @Mixin private GlobalOptions globals;

    @Override
    public int run(Streams streams) {
        HttpAddress address = http != null ? HttpAddress.parse(http) : headless ? null : HttpAddress.DEFAULT;
        DemoOptions options = new DemoOptions(seconds, historyRows, rate, address, report, directory, Version.commit());
        Demo demo = new Demo(options, globals.config(Map.of()), line -> streams.err().println("demo: " + line));
        Interrupts.install(Clock.system()).onSignal(demo::stop);
        try (ProgressBar bar =
                Terminal.isError()
                        ? ProgressBar.start(
                                streams.err(), () -> Optional.ofNullable(demo.job()).map(job -> job.status()))
                        : null) {
            demo.run();
            return 0;
        } catch (MillraceException error) {
            streams.err().print(ErrorText.of(error, null, null, globals.isVerbose()));
            return error.code().exitCode();
        }
    }
}
