/**
 * How fast JSON records become columns, beside Jackson's streaming parser. Read {@link
 * io.millrace.benchmarks.json.JsonDecodeBenchmark}.
 */
package io.millrace.benchmarks.json;
