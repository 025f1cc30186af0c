/**
 * Rows that no result counts: {@code <table>$late} and {@code <table>$bad}.
 *
 * <p>Read {@link io.millrace.engine.side.SideTableStore}. Operators hand it rows from any worker; it keeps the newest
 * in copies of its own and counts all. Queries read what is kept at the moment they begin.
 */
package io.millrace.engine.side;
