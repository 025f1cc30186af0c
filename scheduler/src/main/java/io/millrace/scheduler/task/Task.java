package io.millrace.scheduler.task;

import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.time.Clock;
import io.millrace.scheduler.epoch.EpochPort;
import io.millrace.scheduler.exchange.EdgeWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree of operators that ends in one root, driven together. Whoever steps it owns it for that time; it is never
 * stepped by two at once. Neighbours are the tasks at the other ends of its rings.
 */
public final class Task {
    /** Of the budget in use, at which memory is scarce. */
    private static final int TIGHT_PERCENT = 90;

    private final String name;
    private final int index;
    private final TaskNode[] rootFirst;
    private final EdgeWriter[] writers;
    private final EpochPort port;
    private final TaskOwner owner;
    private final TaskWiring.Setting setting;
    private final Clock clock;
    private final List<Task> neighbours = new ArrayList<>();
    private StepResult last = StepResult.WORKED;
    private long lastNanos;
    private long passedEpoch;
    private int acting = -1;
    private boolean memoryTight;
    private boolean stopping;

    Task(
            String name,
            int index,
            List<TaskNode> rootFirst,
            EdgeWriter[] writers,
            EpochPort port,
            TaskWiring.Setting setting) {
        this.name = name;
        this.index = index;
        this.rootFirst = rootFirst.toArray(TaskNode[]::new);
        this.writers = writers;
        this.port = port;
        this.setting = setting;
        this.owner = setting.owner();
        this.clock = setting.clock();
        this.lastNanos = clock.nanoTime();
    }

    /** For people: the nodes and the index. */
    public String name() {
        return name;
    }

    /** Which of its nodes' tasks it is. */
    public int index() {
        return index;
    }

    /** The node that all others of the task lead to. */
    public int rootNodeId() {
        return rootFirst[0].nodeId;
    }

    /** The tasks that may get on when this one did. */
    public List<Task> neighbours() {
        return neighbours;
    }

    public boolean hasSources() {
        return port.hasSources();
    }

    public EpochPort port() {
        return port;
    }

    /**
     * Drives the operators until nothing gets on, at most {@code maxActs} calls of them and no new one after {@code
     * quantumNanos}. Does not throw: what fails is the owner's to know, and stops the task.
     */
    public StepResult step(int maxActs, long quantumNanos) {
        if (stopping || owner.isStopping()) {
            return stop();
        }
        try {
            last = drive(maxActs, quantumNanos);
        } catch (Throwable failure) {
            owner.taskFailed(this, acting, failure);
            return stop();
        }
        return last == StepResult.STOPPED ? stop() : last;
    }

    private StepResult drive(int maxActs, long quantumNanos) {
        long now = clock.nanoTime();
        long deadline = now + quantumNanos;
        accountForGap(now);
        mindMemory();
        boolean worked = flush(false) | advanceSnapshots();
        boolean exhausted = false;
        for (int acts = 0; acts < maxActs && now < deadline; acts++) {
            TaskNode actor = actOnce();
            if (actor == null) {
                exhausted = true;
                break;
            }
            worked = true;
            long then = clock.nanoTime();
            actor.counters().busy(then - now);
            now = then;
        }
        lastNanos = now;
        worked |= flush(exhausted);
        passEpochs();
        if (hasEnded()) {
            port.pass(EpochPort.ENDED);
            owner.taskPassedEpoch(this);
            return StepResult.STOPPED;
        }
        if (worked) {
            return StepResult.WORKED;
        }
        return rootFirst[0].isBackpressured() ? StepResult.BACKPRESSURED : StepResult.IDLE;
    }

    /** Lets the node act that lies furthest downstream of those that can; null when none can. */
    private TaskNode actOnce() {
        for (TaskNode node : rootFirst) {
            acting = node.nodeId;
            if (node.act()) {
                return node;
            }
        }
        acting = -1;
        return null;
    }

    /** While memory is scarce as little as possible waits between tasks, back to the sources. */
    private void mindMemory() {
        MemoryBudget budget = setting.budget();
        boolean tight = budget.usedBytes() > budget.limitBytes() / 100 * TIGHT_PERCENT;
        if (tight != memoryTight) {
            memoryTight = tight;
            for (EdgeWriter writer : writers) {
                writer.limit(tight ? 1 : setting.ringCapacityBatches());
            }
        }
    }

    private boolean advanceSnapshots() {
        boolean worked = false;
        for (TaskNode node : rootFirst) {
            acting = node.nodeId;
            worked |= node.advanceSnapshot();
        }
        acting = -1;
        return worked;
    }

    private void accountForGap(long now) {
        long gap = now - lastNanos;
        switch (last) {
            case IDLE -> {
                for (TaskNode node : rootFirst) {
                    node.counters().idle(gap);
                }
            }
            case BACKPRESSURED -> {
                for (TaskNode node : rootFirst) {
                    node.counters().backpressured(gap);
                }
            }
            case WORKED, STOPPED -> {}
        }
    }

    private boolean flush(boolean idle) {
        boolean moved = false;
        for (EdgeWriter writer : writers) {
            moved |= writer.flush(idle);
        }
        return moved;
    }

    private boolean hasEnded() {
        for (TaskNode node : rootFirst) {
            if (!node.isEnded()) {
                return false;
            }
        }
        return !hasPending();
    }

    private boolean hasPending() {
        for (EdgeWriter writer : writers) {
            if (writer.hasPending()) {
                return true;
            }
        }
        return false;
    }

    /** The root has forwarded a marker only when every other node has. */
    private void passEpochs() {
        long passed = rootFirst[0].passedEpoch();
        if (passed != passedEpoch) {
            passedEpoch = passed;
            port.pass(passed);
            owner.taskPassedEpoch(this);
        }
    }

    /** What is still being written is waited for without the worker, which is woken when it is done. */
    private StepResult stop() {
        stopping = true;
        boolean isQuiet = true;
        for (TaskNode node : rootFirst) {
            isQuiet &= isQuiet(node);
        }
        if (!isQuiet) {
            return StepResult.IDLE;
        }
        last = StepResult.STOPPED;
        try {
            for (TaskNode node : rootFirst) {
                close(node);
            }
            for (EdgeWriter writer : writers) {
                close(writer);
            }
        } finally {
            // Its job waits for nothing else.
            owner.taskStopped(this);
        }
        return last;
    }

    // No lambdas in what follows: it must do without memory.

    private boolean isQuiet(TaskNode node) {
        try {
            return node.stop();
        } catch (Throwable failure) {
            owner.taskFailed(this, node.nodeId, failure);
            return true;
        }
    }

    private void close(TaskNode node) {
        try {
            node.close();
        } catch (Throwable failure) {
            owner.taskFailed(this, node.nodeId, failure);
        }
    }

    private void close(EdgeWriter writer) {
        try {
            writer.close();
        } catch (Throwable failure) {
            owner.taskFailed(this, -1, failure);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
