/**
 * The rules of ARCHITECTURE.md and of the house, held by tests.
 *
 * <p>Read {@link io.millrace.it.architecture.ArchitectureTest} first. {@link io.millrace.it.architecture.FloorTable}
 * reads the table of modules from the document, {@link io.millrace.it.architecture.HouseRules} are rules on compiled
 * classes, {@link io.millrace.it.architecture.SourceTree} looks at the sources. The {@code fixture} packages hold code
 * that breaks the rules, to show that each rule finds it.
 */
package io.millrace.it.architecture;
