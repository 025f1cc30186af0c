package io.millrace.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** What a command reads and writes: results go to {@code out}, all else to {@code err}. */
record Streams(InputStream in, OutputStream out, PrintStream err) {}
