/** Sums that only as a whole are in range. Read {@link io.millrace.it.sums.SumsOfSharesTest}. */
package io.millrace.it.sums;
