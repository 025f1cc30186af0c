package io.millrace.connectors.api;

import java.util.concurrent.Callable;

/** The threads that may block. Submitting never does; a finished task wakes the worker that submitted it. */
public interface IoThreads {
    /** Runs the call on an I/O thread; {@code what} names it in the watchdog's reports. */
    <T> IoTask<T> submit(String what, Callable<T> call);
}
