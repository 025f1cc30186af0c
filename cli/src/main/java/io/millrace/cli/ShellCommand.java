package io.millrace.cli;

import io.millrace.cli.output.ErrorText;
import io.millrace.cli.shell.SqlCompleter;
import io.millrace.cli.shell.SqlLineParser;
import io.millrace.engine.Session;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.io.IOException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The shell: reads statements from the terminal and runs them until it is told to end. */
final class ShellCommand {
    private static final String PROMPT = "millrace> ";
    private static final String MORE = "        > ";
    private static final String HELP =
            """
            Statements end with ;
              SELECT * FROM 'path/*.parquet' LIMIT 10;
              CREATE TABLE …; CREATE MATERIALIZED VIEW …; INSERT INTO …; EXPLAIN …;
              SHOW TABLES; DESCRIBE t; EXPLAIN MEMORY; SET; SET 'execution.runtime-mode' = 'streaming';
            Ctrl-C stops a query, exit or Ctrl-D the shell.
            """;

    private final Session session;
    private final StatementPrinter printer;
    private final Streams streams;
    private final boolean verbose;

    ShellCommand(Session session, StatementPrinter printer, Streams streams, boolean verbose) {
        this.session = session;
        this.printer = printer;
        this.streams = streams;
        this.verbose = verbose;
    }

    int run() {
        try (Terminal terminal = TerminalBuilder.builder().name("millrace").system(true).build()) {
            LineReader reader = reader(terminal);
            while (true) {
                String line;
                try {
                    line = reader.readLine(PROMPT);
                } catch (UserInterruptException interrupted) {
                    continue;
                } catch (EndOfFileException end) {
                    return 0;
                }
                String word = SqlLineParser.shellWord(line);
                if (word == null) {
                    execute(line);
                } else if (word.equals("help")) {
                    streams.err().print(HELP);
                } else if (word.equals("clear")) {
                    terminal.puts(org.jline.utils.InfoCmp.Capability.clear_screen);
                } else {
                    return 0;
                }
            }
        } catch (IOException failed) {
            throw new MillraceException(ErrorCode.IO_FAILED, "cannot use the terminal: " + failed.getMessage(), failed);
        }
    }

    private LineReader reader(Terminal terminal) {
        LineReader reader =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .parser(new SqlLineParser())
                        .completer(new SqlCompleter(session.catalog()))
                        .variable(LineReader.SECONDARY_PROMPT_PATTERN, MORE)
                        .variable(
                                LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), ".millrace_history"))
                        .variable(LineReader.INDENTATION, 2)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .option(LineReader.Option.CASE_INSENSITIVE, true)
                        .build();
        return reader;
    }

    private void execute(String sql) {
        try {
            if (!printer.run(sql, true)) {
                streams.err().println("cancelled");
            }
        } catch (StatementPrinter.OutputClosed closed) {
            streams.err().println("nobody reads stdout any more");
        } catch (MillraceException error) {
            streams.err().print(ErrorText.of(error, "stdin", sql, verbose));
        }
    }
}
