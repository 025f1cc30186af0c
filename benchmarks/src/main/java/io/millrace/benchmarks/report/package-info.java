/**
 * What every result says beside its figures: the machine, the JDK and the commit, and which threads the CPU time went
 * to. Read {@link io.millrace.benchmarks.report.Report} first.
 *
 * <p>A result is one JSON object, printed and, when a file is named, written to it.
 */
package io.millrace.benchmarks.report;
