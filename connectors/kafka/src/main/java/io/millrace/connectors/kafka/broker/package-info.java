/**
 * A real single-node Kafka broker in a process of its own, for the demo, for tests and for benchmarks.
 *
 * <p>{@link io.millrace.connectors.kafka.broker.BrokerProcess} starts it, {@link
 * io.millrace.connectors.kafka.broker.BrokerMain} is what runs in it. The broker's jars ({@code kafka_2.13} and what it
 * needs) are no dependency of this module: whoever starts a broker says where they are.
 *
 * <p>The broker listens on loopback only, on ports that were free a moment ago, keeps its data in a directory of its
 * own, and dies with the process that started it: its standard input is a pipe from there, and it halts when that ends.
 */
package io.millrace.connectors.kafka.broker;
