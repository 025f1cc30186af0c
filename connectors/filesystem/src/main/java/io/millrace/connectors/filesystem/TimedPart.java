package io.millrace.connectors.filesystem;

/**
 * A part to be read in event-time order.
 *
 * @param times what is known of its event times before it is opened
 * @param scanned whether that is by looking at every row
 */
record TimedPart(Part part, TimeSteps times, boolean scanned) {}
