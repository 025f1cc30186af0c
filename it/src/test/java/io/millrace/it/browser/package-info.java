/**
 * The web page as people see it: a real engine and server, and a real browser without a screen.
 *
 * <p>{@link io.millrace.it.browser.PageInBrowserIT} needs Chromium and runs with the profile {@code it-system}.
 */
package io.millrace.it.browser;
