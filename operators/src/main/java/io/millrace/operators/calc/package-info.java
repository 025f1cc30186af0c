/** Filter and projection in one operator. Read {@link io.millrace.operators.calc.CalcSpec}. */
package io.millrace.operators.calc;
