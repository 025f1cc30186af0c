/**
 * The compiled evaluator: one fused loop over raw columns for a whole expression, in Java source that Janino compiles.
 *
 * <p>Read {@link io.millrace.operators.compiled.Fuser} first: it cuts expressions into regions; {@code LoopSource} and
 * {@code LoopBody} write a region's loop; {@code Program} has it compiled on an I/O thread after some rows. A node made
 * here has an interpreted twin, which runs until then, whenever the twin does with less work (a dictionary, constants),
 * and once more when a computation fails, to say what failed. Generated code is kept by its source for all evaluators
 * of the process.
 *
 * <p>{@code -Dmillrace.kernels.dump=DIRECTORY} writes what is generated.
 */
package io.millrace.operators.compiled;
