/**
 * The source formatter of this repository, a thin driver of google-java-format: four spaces, 120 columns.
 *
 * <p>Read {@link io.millrace.style.SourceFormat} first. It runs in a process of its own on the JDK of the toolchain,
 * because the formatter borrows the parser of the JDK it runs on, and Maven itself may run on an older one. Nothing
 * here is shipped. Single-threaded.
 */
package io.millrace.style;
