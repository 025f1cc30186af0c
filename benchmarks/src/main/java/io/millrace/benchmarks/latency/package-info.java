/**
 * How old a row is when a view shows it, at a steady rate through a real broker. Read {@link
 * io.millrace.benchmarks.latency.LatencyBenchmark}.
 *
 * <pre>
 *   BidProducer, a process   each millisecond the bids that are due, the last of them a probe:
 *                            a bid of an auction that nobody else bids for, number PROBES + millisecond
 *   broker, a process        one topic, four partitions, a millisecond's bids to one of them
 *   LatencyBenchmark         the engine; ViewProbe reads what each publication of the view added
 * </pre>
 *
 * <p>Latency is counted from when a bid was due, which its event time says, not from when it was sent: a producer, a
 * broker or an engine that stalls makes all later bids late.
 */
package io.millrace.benchmarks.latency;
