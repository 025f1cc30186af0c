/**
 * History in Parquet files, a topic on a real broker, and one table over both.
 *
 * <p>{@link io.millrace.it.handover.HandoverStage} makes the two, {@link io.millrace.it.handover.HandoverIT} reads them
 * through the connectors, without SQL and without the scheduler, so that it can act between any two steps.
 */
package io.millrace.it.handover;
