/**
 * The interactive side of the {@code sql} command: what a line is, and what may stand at the cursor.
 *
 * <p>Read {@link io.millrace.cli.shell.SqlLineParser}. One thread. Nothing else may load JLine: it costs start-up time.
 */
package io.millrace.cli.shell;
