/** Tests of who may use a state directory. */
package io.millrace.state.lock;
