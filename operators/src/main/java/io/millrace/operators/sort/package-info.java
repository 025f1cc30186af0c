/** Order and limit of bounded input. Read {@link io.millrace.operators.sort.SortSpec}. */
package io.millrace.operators.sort;
