/**
 * Threads: workers that step tasks, I/O threads that may block, and the watchdog over both.
 *
 * <p>Read {@link io.millrace.scheduler.worker.Worker}. A worker goes round its tasks, downstream first, and rests when
 * a whole round did nothing: it spins a little, yields, then parks for longer and longer. Whoever gives a resting
 * worker something to do wakes it: a neighbouring task that sent or took a batch, an I/O call that ended, a marker that
 * was injected. So that no wake-up is lost, a worker says that it rests, then makes one more round before it parks;
 * whoever did something makes it visible, then looks whether the worker rests.
 */
package io.millrace.scheduler.worker;
