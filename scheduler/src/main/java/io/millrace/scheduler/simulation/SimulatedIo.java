package io.millrace.scheduler.simulation;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.scheduler.worker.IoCall;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/** I/O that gets done when the simulation chooses. */
final class SimulatedIo implements IoThreads {
    private final Countdown fault;
    private final List<IoCall<?>> queued = new ArrayList<>();

    SimulatedIo(Countdown fault) {
        this.fault = fault;
    }

    @Override
    public <T> IoTask<T> submit(String what, Callable<T> call) {
        Callable<T> faulty =
                () -> {
                    if (fault.isDue()) {
                        throw new MillraceException(ErrorCode.IO_FAILED, "simulated fault in " + what);
                    }
                    return call.call();
                };
        IoCall<T> submitted = new IoCall<>(what, faulty, queued::remove);
        queued.add(submitted);
        return submitted;
    }

    boolean isEmpty() {
        return queued.isEmpty();
    }

    void runOne(RandomGenerator random) {
        queued.get(random.nextInt(queued.size())).run();
    }

    void runAll() {
        while (!queued.isEmpty()) {
            queued.getFirst().run();
        }
    }
}
