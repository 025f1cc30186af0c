/**
 * Tables over files on local disk and HDFS.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.connectors.filesystem;
