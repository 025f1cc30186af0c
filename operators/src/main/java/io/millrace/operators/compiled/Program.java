package io.millrace.operators.compiled;

import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Buffer;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.buffer.MemoryTag;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.function.Text;
import io.millrace.operators.lowered.Literals;
import io.millrace.operators.lowered.Lowered;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * One region's way from interpreted to compiled in one evaluator: counts rows, has the loop compiled on an I/O thread
 * once they suffice, and then gives it out with the objects it needs. One thread.
 */
final class Program implements AutoCloseable {
    private enum Stage {
        /** Too few rows so far. */
        COUNTING,
        /** On an I/O thread. */
        COMPILING,
        READY,
        /** It does not compile, or not to anything fast. */
        REFUSED
    }

    private final Allocator allocator;
    private final IoThreads io;
    private final LoopSource.Written source;
    private final List<Buffer> constants = new ArrayList<>();
    private Stage stage = Stage.COUNTING;
    private long rowsLeft;
    private IoTask<CompiledLoop> task;
    private CompiledLoop loop;
    private Object[] objects;

    Program(Region region, boolean condition, CompileOptions options) {
        this.allocator = options.allocator();
        this.io = options.io();
        this.rowsLeft = options.afterRows();
        this.source = LoopSource.of(region, condition);
    }

    /** The loop when it is there; counts the rows that are about to be computed. */
    CompiledLoop loop(int rows) {
        switch (stage) {
            case COUNTING -> {
                rowsLeft -= rows;
                if (rowsLeft <= 0) {
                    task = io.submit("compile an expression", () -> LoopCompiler.compile(source.body()));
                    stage = Stage.COMPILING;
                }
            }
            case COMPILING -> {
                if (task.isDone()) {
                    finish();
                }
            }
            default -> {}
        }
        return loop;
    }

    private void finish() {
        try {
            CompiledLoop compiled = task.result();
            if (compiled != null) {
                objects = makeObjects();
                loop = compiled;
            }
        } catch (MillraceException failure) {
            // Interpreted is slower, not wrong: a fault of the generator must not end a job.
            LoggerFactory.getLogger(Program.class).warn("an expression stays interpreted", failure);
        }
        stage = loop == null ? Stage.REFUSED : Stage.READY;
        task = null;
    }

    private Object[] makeObjects() {
        List<LoopSource.Part> parts = source.parts();
        Object[] made = new Object[parts.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] =
                    switch (parts.get(i)) {
                        case LoopSource.Part.State state -> state.call().method().newState(state.call().site());
                        case LoopSource.Part.Scratch scratch -> new Text(allocator);
                        case LoopSource.Part.Constant constant -> textOf(constant.value());
                        case LoopSource.Part.Set set -> Literals.constantSet(set.test());
                    };
        }
        return made;
    }

    private Text textOf(Lowered.Constant constant) {
        byte[] bytes =
                constant.value() instanceof byte[] given
                        ? given
                        : constant.value().toString().getBytes(StandardCharsets.UTF_8);
        Buffer buffer = allocator.allocate(MemoryTag.BATCH, Math.max(1, bytes.length));
        constants.add(buffer);
        Mem.copyIn(bytes, 0, buffer.address(), bytes.length);
        return new Text().set(buffer.address(), bytes.length);
    }

    Object[] objects() {
        return objects;
    }

    @Override
    public void close() {
        if (task != null) {
            task.cancel();
            task = null;
        }
        if (objects != null) {
            for (Object object : objects) {
                if (object instanceof Text text) {
                    text.close();
                }
            }
            objects = null;
        }
        loop = null;
        stage = Stage.REFUSED;
        constants.forEach(Buffer::release);
        constants.clear();
    }
}
