package io.millrace.connectors.filesystem;

/**
 * A part to be read in event-time order.
 *
 * @param times what is known of its event times before it is opened
 * @param latest no row is later; the least there is when no row has a time, the greatest when it is not known
 * @param scanned whether that is by looking at every row
 */
record TimedPart(Part part, TimeSteps times, long latest, boolean scanned) {}
