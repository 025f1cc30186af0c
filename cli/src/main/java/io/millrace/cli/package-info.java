/**
 * The command line: {@code sql}, {@code run}, {@code explain}.
 *
 * <p>Read {@link io.millrace.cli.MillraceMain}, then the command. Only results go to stdout; everything else goes to
 * stderr. A command is one class, its options its fields. The first statement of a process should answer within a
 * second, so a command loads only what it needs: no JLine but in the shell, no connector but those that a statement
 * names.
 */
package io.millrace.cli;
