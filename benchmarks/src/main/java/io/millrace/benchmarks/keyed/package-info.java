/**
 * The rows of the keyed count, and the course of one run of it, as plain Java: what Millrace and the engine beside it
 * have in common, in the process of each. Nothing here knows either. Read {@link
 * io.millrace.benchmarks.keyed.PeerCourse} first.
 *
 * <p>A row is a key of 16 bytes, two longs of eight letters each, and a number. Which, follows from its position alone:
 * first every key once, then keys as {@link io.millrace.benchmarks.keyed.KeyChoice} draws them. So the answer can be
 * counted again from how far each reader came.
 */
package io.millrace.benchmarks.keyed;
