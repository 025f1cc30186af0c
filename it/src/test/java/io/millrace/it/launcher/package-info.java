/**
 * The launcher script, run as an unpacked distribution with a Java that only repeats its arguments.
 *
 * <p>Read {@link io.millrace.it.launcher.LauncherTest} first. Nothing is built here and no JVM is started by the
 * script.
 */
package io.millrace.it.launcher;
