/**
 * Files: list, read, write, publish, sync and delete, on local disk by {@code java.nio} and elsewhere through Hadoop.
 *
 * <p>Read {@link io.millrace.storage.Storage} first; {@link io.millrace.storage.Storage#at} gives the one a location
 * lies in. All of it is thread-safe and all of it may block: it is called on I/O threads, never on a worker. No Hadoop
 * class is loaded for a local location.
 *
 * <p>A location is a local path, {@code file:///path}, or a URI of a scheme that Hadoop knows, such as {@code
 * hdfs://host:port/path}.
 *
 * <p>A file appears whole or not at all: {@link io.millrace.storage.Storage#create} writes to a name of its own, and
 * {@link io.millrace.storage.Storage#publish} gives it its final one, never replacing what is there.
 *
 * <p>What does not fit into memory goes to a {@link io.millrace.storage.SpillDirectory}.
 */
package io.millrace.storage;
