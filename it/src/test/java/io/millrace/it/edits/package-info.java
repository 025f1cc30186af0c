/**
 * Scripts that are edited while their state lives, as a user does it: with processes of the engine's program. Start
 * with {@code EditedScriptIT}. What becomes of each kind of state is tried in the module {@code engine}.
 */
package io.millrace.it.edits;
