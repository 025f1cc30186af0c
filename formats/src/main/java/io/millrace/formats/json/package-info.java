/**
 * JSON, one object a record: {@code 'format' = 'json'}.
 *
 * <p>Read {@link io.millrace.formats.json.JsonRecordDecoder} first. It scans the bytes once and appends each value to
 * its column as it meets it; the order of the fields of the record before is the guess for the next, so that a key
 * costs one comparison. What goes wrong takes the row back and is told as a reason. Malformed text is never passed
 * over: objects that are not wanted are checked too, strings must be UTF-8.
 *
 * <p>Fields are found by name, case counts; what is missing is NULL, what is unknown is passed over, of a key given
 * twice the last counts. Numbers and booleans may stand in quotes. A VARCHAR takes any value, as its text. ROW is an
 * object, ARRAY an array, MAP an object. Written, BIGINT is a number and DECIMAL a string.
 *
 * <p>Source of the grammar: RFC 8259.
 */
package io.millrace.formats.json;
