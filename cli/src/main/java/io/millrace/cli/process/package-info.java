/**
 * The process around a command: its terminal, its signals, its line of progress.
 *
 * <p>Read {@link io.millrace.cli.process.Interrupts}. Signals come on threads of their own.
 */
package io.millrace.cli.process;
