/**
 * Connectors without an outside system: {@code print}, {@code blackhole} and {@code datagen}.
 *
 * <p>{@link io.millrace.connectors.basic.BlackholeSink} reads every value of every row and keeps a count and a checksum
 * that does not depend on order, so that nothing upstream can be left out and two runs can be compared. {@link
 * io.millrace.connectors.basic.PrintSink} writes a line a row, as Flink's connector of that name does. {@link
 * io.millrace.connectors.basic.DatagenSource} makes rows that are a function of seed, column and row number.
 */
package io.millrace.connectors.basic;
