/**
 * Files: create if absent, publish, fsync, list and delete, on local disk and through Hadoop.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.storage;
