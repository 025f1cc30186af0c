/**
 * Single values as text: what JSON and CSV share. Read {@link io.millrace.formats.text.ValueReader} for text to columns
 * and {@link io.millrace.formats.text.ValueWriter} for the way back; {@link io.millrace.formats.text.TimeReader} knows
 * dates and times. All work on off-heap bytes, all belong to one thread.
 *
 * <pre>
 *   BOOLEAN      true | false
 *   integers     [-+]digits
 *   FLOAT DOUBLE as JSON has numbers; NaN, Infinity, -Infinity
 *   DECIMAL      as JSON has numbers, rounded half up to the type's scale
 *   DATE         yyyy-MM-dd
 *   TIME         HH:mm[:ss[.fraction]]
 *   TIMESTAMP    yyyy-MM-dd[( |T)HH:mm[:ss[.fraction]]]; _LTZ also with Z or an offset, else in the session's zone
 *   BINARY       base64 in JSON, hexadecimal in CSV
 * </pre>
 */
package io.millrace.formats.text;
