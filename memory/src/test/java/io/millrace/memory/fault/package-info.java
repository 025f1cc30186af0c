/** Tests of the places where tests make the process die. */
package io.millrace.memory.fault;
