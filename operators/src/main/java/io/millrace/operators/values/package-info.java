/** Rows that the query itself states. Read {@link io.millrace.operators.values.ValuesSpec}. */
package io.millrace.operators.values;
