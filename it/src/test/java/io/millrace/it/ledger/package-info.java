/**
 * Nothing lost, nothing twice, whatever is killed: every key carries a sequence, the engine runs as a process of its
 * own and is killed again and again, and each number is to be found exactly once in what it wrote. Read {@link
 * io.millrace.it.ledger.LedgerIT}.
 */
package io.millrace.it.ledger;
