/**
 * Serving: HTTP, pushed changes and the web page.
 *
 * <p>Nothing is built here yet.
 */
package io.millrace.server;
