package io.millrace.state.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Runs actors in turns that a seed deals: an actor runs until it asks for its next turn. One thread each, one of them
 * at a time, so that a seed replays a run.
 */
final class Turns {
    private final class Actor {
        private final Semaphore turn = new Semaphore(0);
        private final Runnable program;
        private Thread thread;
        private Throwable failure;
        private boolean ended;

        Actor(Runnable program) {
            this.program = program;
        }

        void run() {
            turn.acquireUninterruptibly();
            try {
                program.run();
            } catch (Throwable thrown) {
                failure = thrown;
            } finally {
                ended = true;
                dealer.release();
            }
        }
    }

    private final Random random;
    private final List<Actor> actors = new ArrayList<>();
    private final Semaphore dealer = new Semaphore(0);
    private volatile Actor running;

    Turns(Random random) {
        this.random = random;
    }

    void add(Runnable program) {
        actors.add(new Actor(program));
    }

    /** Called by an actor where another may go on; any other thread passes. */
    void next() {
        Actor actor = running;
        if (actor != null && actor.thread == Thread.currentThread()) {
            dealer.release();
            actor.turn.acquireUninterruptibly();
        }
    }

    /** Runs all to their end; fails as the first that failed did. Some sleep for long at times. */
    void run() throws InterruptedException {
        for (Actor actor : actors) {
            actor.thread = Thread.ofPlatform().daemon().start(actor::run);
        }
        List<Actor> left = new ArrayList<>(actors);
        Actor asleep = null;
        while (!left.isEmpty()) {
            if (random.nextInt(50) == 0) {
                asleep = left.get(random.nextInt(left.size()));
            }
            Actor next = left.get(random.nextInt(left.size()));
            if (next == asleep && left.size() > 1 && random.nextInt(100) != 0) {
                continue;
            }
            running = next;
            next.turn.release();
            dealer.acquire();
            if (next.ended) {
                left.remove(next);
            }
        }
        running = null;
        for (Actor actor : actors) {
            actor.thread.join();
            if (actor.failure != null) {
                throw new AssertionError("an actor failed", actor.failure);
            }
        }
    }
}
