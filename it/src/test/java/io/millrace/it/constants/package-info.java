/**
 * What a constant gives and what a column of the same value gives. Begin with {@link
 * io.millrace.it.constants.ConstantsEqualColumnsTest}.
 */
package io.millrace.it.constants;
