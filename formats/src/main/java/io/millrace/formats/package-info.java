/**
 * File and message formats to and from batches, without any policy on input and output.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.formats;
