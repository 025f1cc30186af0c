package io.millrace.it.corpus;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.SqlPosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads corpus files. One thread; made for one file. */
final class CorpusFile {
    private static final Pattern ERROR = Pattern.compile("statement error (\\w+)(?: (\\d+):(\\d+))?(?: (.*))?");
    private static final Pattern QUERY = Pattern.compile("query ([IRTBDX]+)(?: (nosort|rowsort))?( retract)?");
    private static final Pattern INCLUDE = Pattern.compile("include (\\S+)");
    private static final String SEPARATOR = "----";

    private final Path file;
    private final List<String> lines;
    private final List<CorpusRecord> records = new ArrayList<>();
    private int at;

    private CorpusFile(Path file, List<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** The records of a file and of those that it includes. */
    static List<CorpusRecord> read(Path file) {
        try {
            CorpusFile reader = new CorpusFile(file, Files.readAllLines(file));
            reader.readAll();
            return reader.records;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void readAll() {
        while (at < lines.size()) {
            String line = lines.get(at);
            if (line.isBlank() || line.startsWith("#")) {
                at++;
            } else {
                readRecord(line.strip());
            }
        }
    }

    private void readRecord(String header) {
        String place = file.getFileName() + ":" + (at + 1);
        at++;
        Matcher include = INCLUDE.matcher(header);
        if (include.matches()) {
            records.addAll(read(file.resolveSibling(include.group(1))));
            return;
        }
        String sql = String.join("\n", block());
        if (sql.isBlank()) {
            throw new IllegalArgumentException(place + ": expected SQL after '" + header + "'");
        }
        Matcher error = ERROR.matcher(header);
        Matcher query = QUERY.matcher(header);
        if (header.equals("statement ok")) {
            records.add(new CorpusRecord.Ok(place, sql));
        } else if (header.equals("duckdb")) {
            records.add(new CorpusRecord.DuckDbStatement(place, sql));
        } else if (error.matches()) {
            records.add(failing(place, sql, error));
        } else if (query.matches()) {
            boolean sorted = !"rowsort".equals(query.group(2));
            boolean retracts = query.group(3) != null;
            records.add(new CorpusRecord.Query(place, sql, query.group(1), sorted, retracts, expected(sql)));
        } else {
            throw new IllegalArgumentException(place + ": cannot read '" + header + "'");
        }
    }

    /** Lines up to a blank one or a separator. */
    private List<String> block() {
        int from = at;
        while (at < lines.size() && !lines.get(at).isBlank() && !lines.get(at).startsWith(SEPARATOR)) {
            at++;
        }
        return lines.subList(from, at);
    }

    private String separator() {
        boolean present = at < lines.size() && lines.get(at).startsWith(SEPARATOR);
        return present ? lines.get(at++).substring(SEPARATOR.length()).strip() : null;
    }

    private CorpusRecord.Failing failing(String place, String sql, Matcher header) {
        SqlPosition position =
                header.group(2) == null
                        ? null
                        : new SqlPosition(Integer.parseInt(header.group(2)), Integer.parseInt(header.group(3)));
        Pattern message = Pattern.compile(header.group(4) == null ? "" : header.group(4));
        Pattern help = "help".equals(separator()) ? Pattern.compile(String.join("\n", block())) : null;
        return new CorpusRecord.Failing(place, sql, ErrorCode.valueOf(header.group(1)), position, message, help);
    }

    private CorpusRecord.Expected expected(String sql) {
        String separator = separator();
        if (separator == null) {
            return new CorpusRecord.Parity();
        }
        List<String> block = List.copyOf(block());
        return switch (separator) {
            case "" -> new CorpusRecord.StatedRows(block);
            case "duckdb" -> new CorpusRecord.DuckDbRows(block.isEmpty() ? sql : String.join("\n", block));
            default -> throw new IllegalArgumentException(file + ":" + at + ": cannot read '" + separator + "'");
        };
    }
}
