/**
 * Tables over Kafka topics.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.connectors.kafka;
